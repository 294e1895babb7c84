"""The pages of the review."""

from scheduler.features.review.views import beside, log, paper, queue, settings
from scheduler.features.review.views.blueprint import blueprint

__all__ = ["beside", "blueprint", "log", "paper", "queue", "settings"]
