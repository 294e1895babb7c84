"""Consultations over HTTP."""

from scheduler.features.intake.consultations.views import change, page
from scheduler.features.intake.consultations.views.blueprint import blueprint

__all__ = ["blueprint", "change", "page"]
