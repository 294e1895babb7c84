"""The patient's documents on the web: on their own phone, and on a tablet of the clinic."""

from scheduler.features.portal.documents.views.own import blueprint, door
from scheduler.features.portal.documents.views.tablet import blueprint as tablet

__all__ = ["blueprint", "door", "tablet"]
