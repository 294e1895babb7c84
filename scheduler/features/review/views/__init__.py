"""The pages of the review."""

from scheduler.features.review.views import log, paper, queue, settings
from scheduler.features.review.views.blueprint import blueprint

__all__ = ["blueprint", "log", "paper", "queue", "settings"]
