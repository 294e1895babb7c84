"""The settings: one page for each section, and the forms that change them."""

from scheduler.features.settings.views import (
    chairs,
    closures,
    duty,
    hours,
    pages,
    preparation,
    protocols,
    sites,
    staff,
    words,
)
from scheduler.features.settings.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "chairs",
    "closures",
    "duty",
    "hours",
    "pages",
    "preparation",
    "protocols",
    "sites",
    "staff",
    "words",
]
