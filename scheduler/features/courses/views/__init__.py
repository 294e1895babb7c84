"""The pages of courses, a file for each thing that is done on them."""

from scheduler.features.courses.views import build, ends, enter, move, replan, steps
from scheduler.features.courses.views.blueprint import blueprint

__all__ = ["blueprint", "build", "ends", "enter", "move", "replan", "steps"]
