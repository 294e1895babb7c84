"""Courses and visits for programs; each file adds its routes to the one blueprint."""

from scheduler.features.courses.api import courses, infusions
from scheduler.features.courses.api.blueprint import blueprint

__all__ = ["blueprint", "courses", "infusions"]
