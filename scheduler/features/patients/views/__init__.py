"""The pages of patients, a file for each thing that is done on them."""

from scheduler.features.patients.views import imports, lists, merge, record
from scheduler.features.patients.views.blueprint import blueprint

__all__ = ["blueprint", "imports", "lists", "merge", "record"]
