"""The files for other programs over HTTP: one module per address."""

from scheduler.features.interchange.views import charts, clinic
from scheduler.features.interchange.views.blueprint import blueprint

__all__ = ["blueprint", "charts", "clinic"]
