"""Calendar files, feeds, and the page about them; each file adds its routes to the one blueprint."""

from scheduler.features.calendars.views import feed, files, page, publishing
from scheduler.features.calendars.views.blueprint import blueprint

__all__ = ["blueprint", "feed", "files", "page", "publishing"]
