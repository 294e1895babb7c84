"""The chart over HTTP."""

from scheduler.features.infusion_logs.views import cautions, page, parts, rows, settings, vitals
from scheduler.features.infusion_logs.views.blueprint import blueprint

__all__ = ["blueprint", "cautions", "page", "parts", "rows", "settings", "vitals"]
