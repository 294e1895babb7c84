"""Consultations: a quarter of an hour of one clinician, in the same calendar and capacity as the visits.

A consultation takes no chair. It takes its clinician out of the presence that infusions rely on, so it is
found by the planner, booked under the locks of the site's day like a visit, and the database refuses two at
once for one clinician (migration 0024).
"""
