"""Reading patients, in an explicit order."""

from scheduler.features.patients.queries.export import Exported, count_all, exported
from scheduler.features.patients.queries.likely import likely_the_same
from scheduler.features.patients.queries.listing import Cursor, Page, page
from scheduler.features.patients.queries.merged import absorbed, goes_on, obstacles
from scheduler.features.patients.queries.one import (
    Change,
    changes_since,
    facts,
    locked_patient,
    open_sites,
    patient,
    visits_left,
)
from scheduler.features.patients.queries.running import Running, running_courses
from scheduler.features.patients.queries.search import PatientHit, search

__all__ = [
    "Change",
    "Cursor",
    "Exported",
    "Page",
    "PatientHit",
    "Running",
    "absorbed",
    "changes_since",
    "count_all",
    "exported",
    "facts",
    "goes_on",
    "likely_the_same",
    "locked_patient",
    "obstacles",
    "open_sites",
    "page",
    "patient",
    "running_courses",
    "search",
    "visits_left",
]
