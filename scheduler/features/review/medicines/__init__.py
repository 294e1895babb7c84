"""Medicines beside a course: noted, ended, struck out; and shown on its line of time."""

from scheduler.features.review.medicines.queries import MedicineLine, medicines_in, standing

__all__ = ["MedicineLine", "medicines_in", "standing"]
