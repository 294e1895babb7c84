"""The chart over HTTP."""

from scheduler.features.infusion_logs.views import beside, cautions, page, parts, rows, settings, vitals
from scheduler.features.infusion_logs.views.blueprint import blueprint

__all__ = ["beside", "blueprint", "cautions", "page", "parts", "rows", "settings", "vitals"]
