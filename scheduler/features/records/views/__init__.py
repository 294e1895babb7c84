"""Records over HTTP: one person's record, what is kept for how long, and the files."""

from scheduler.features.records.views import files, record, requests, retention
from scheduler.features.records.views.blueprint import blueprint

__all__ = ["blueprint", "files", "record", "requests", "retention"]
