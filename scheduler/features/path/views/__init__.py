"""The pages of requests, a file for each."""

from scheduler.features.path.views import details, person, queue, record
from scheduler.features.path.views.blueprint import blueprint

__all__ = ["blueprint", "details", "person", "queue", "record"]
