"""How a course goes: one answer for the page, for paper, and for whoever reviews it."""

from scheduler.features.review.progress.facts import CourseProgress, Row, Standing
from scheduler.features.review.progress.queries import progress_in, progress_of

__all__ = ["CourseProgress", "Row", "Standing", "progress_in", "progress_of"]
