"""Reading ratings. `given` and `due` may serve the front desk: they never read a value."""

from scheduler.features.ratings.queries.panel import Panel, panel_of, place_of, place_of_course
from scheduler.features.ratings.queries.ratings import RatingRow, due, given, of_infusion

__all__ = [
    "Panel",
    "RatingRow",
    "due",
    "given",
    "of_infusion",
    "panel_of",
    "place_of",
    "place_of_course",
]
