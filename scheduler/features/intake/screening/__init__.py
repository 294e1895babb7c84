"""The screening: a clinician's checklist before somebody is treated, and again before each new course."""
