"""Pages of requests: the public one, the desk's own form, and the settings of each site's page."""

from scheduler.features.intake.requests.views import desk, settings
from scheduler.features.intake.requests.views.blueprint import blueprint
from scheduler.features.intake.requests.views.public import public

__all__ = ["blueprint", "desk", "public", "settings"]
