"""Calendar files, feeds, and the page about them; each file adds its routes to the one blueprint."""

from scheduler.features.calendars.views import feed, files, page, publishing
from scheduler.features.calendars.views.blueprint import blueprint
from scheduler.features.calendars.views.door import at_the_door

__all__ = ["at_the_door", "blueprint", "feed", "files", "page", "publishing"]
