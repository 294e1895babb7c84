"""The pages of the desk, a file for each."""

from scheduler.features.desk.views import board, calls, contact, dates, find, inbox, pages, ready, today, wall
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shell import COUNTERS

__all__ = [
    "COUNTERS",
    "blueprint",
    "board",
    "calls",
    "contact",
    "dates",
    "find",
    "inbox",
    "pages",
    "ready",
    "today",
    "wall",
]
