"""The pages of ratings: at the chair, of a course, what is due, the patient's own, the tablet's."""

from scheduler.features.ratings.views import (
    alerts,
    chair,
    course,
    kiosk,
    own,
    plans,
    questions,
    take_back,
    tasks,
)
from scheduler.features.ratings.views.blueprint import blueprint

__all__ = [
    "alerts",
    "blueprint",
    "chair",
    "course",
    "kiosk",
    "own",
    "plans",
    "questions",
    "take_back",
    "tasks",
]
