"""The settings: one page for each section, and the forms that change them."""

from scheduler.features.settings.views import closures, pages
from scheduler.features.settings.views.blueprint import blueprint

__all__ = ["blueprint", "closures", "pages"]
