"""The settings: one page for each section, and the forms that change them."""

from scheduler.features.settings.views import closures, duty, hours, pages, staff
from scheduler.features.settings.views.blueprint import blueprint

__all__ = ["blueprint", "closures", "duty", "hours", "pages", "staff"]
