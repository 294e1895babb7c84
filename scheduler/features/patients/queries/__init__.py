"""Reading patients, in an explicit order."""

from scheduler.features.patients.queries.listing import Cursor, Page, page
from scheduler.features.patients.queries.one import (
    Change,
    changes_since,
    facts,
    locked_patient,
    open_sites,
    patient,
    site_of_form,
    taken_by,
    visits_ahead,
)
from scheduler.features.patients.queries.running import Running, running_courses
from scheduler.features.patients.queries.search import PatientHit, search

__all__ = [
    "Change",
    "Cursor",
    "Page",
    "PatientHit",
    "Running",
    "changes_since",
    "facts",
    "locked_patient",
    "open_sites",
    "page",
    "patient",
    "running_courses",
    "search",
    "site_of_form",
    "taken_by",
    "visits_ahead",
]
