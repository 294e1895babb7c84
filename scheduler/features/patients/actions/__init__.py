"""Writing patients: one verb a file."""
