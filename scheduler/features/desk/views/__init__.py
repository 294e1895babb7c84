"""The pages of the desk, a file for each."""

from scheduler.features.desk.views import board, calls, contact, dates, find, pages, ready, today, wall
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.inbox import count_waiting

__all__ = [
    "blueprint",
    "board",
    "calls",
    "contact",
    "count_waiting",
    "dates",
    "find",
    "pages",
    "ready",
    "today",
    "wall",
]
