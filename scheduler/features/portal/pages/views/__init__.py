"""The patient's own pages on the web: the door, what lies behind it, and the button at the desk."""

from scheduler.features.portal.pages.views import (
    appointments,
    data,
    devices,
    home,
    offline,
    preferences,
)
from scheduler.features.portal.pages.views.blueprint import blueprint
from scheduler.features.portal.pages.views.door import blueprint as door
from scheduler.features.portal.pages.views.staff import blueprint as staff

__all__ = [
    "appointments",
    "blueprint",
    "data",
    "devices",
    "door",
    "home",
    "offline",
    "preferences",
    "staff",
]
