"""Pages that gather: today, the day by chair, and the pages of a patient, a course and a visit.

They read what the slices below keep and write nothing but the audit of what was read.
"""
