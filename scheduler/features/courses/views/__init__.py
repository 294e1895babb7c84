"""The pages of courses, a file for each thing that is done on them."""

from scheduler.features.courses.views import build, ends, move, steps
from scheduler.features.courses.views.blueprint import blueprint

__all__ = ["blueprint", "build", "ends", "move", "steps"]
