"""Write down that somebody was shown patients by a search: one row for all that stood there.

A search as you type shows names, birth dates and numbers with every keystroke, so it is a read as any other.
What was typed is left out of the audit trail: it may name somebody who is no patient.
"""

from collections.abc import Sequence

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.patients.queries import PatientHit
from scheduler.web import current_actor, writing


def note_shown(hits: Sequence[PatientHit]) -> None:
    """Add the row of one search; none, and no wait for the database, where it showed nobody."""
    if hits:
        with writing() as session:
            shown = sorted(hit.patient_id for hit in hits)
            record(session, current_actor(), clock.now(), "patients.searched", "patient", patients=shown)
