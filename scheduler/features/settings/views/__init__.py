"""The settings: one page for each section, and the forms that change them."""

from scheduler.features.settings.views import (
    access_review,
    chairs,
    closures,
    duty,
    hours,
    pages,
    preparation,
    protocols,
    sites,
    staff,
    staff_access,
    words,
)
from scheduler.features.settings.views.blueprint import blueprint

__all__ = [
    "access_review",
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
    "staff_access",
    "words",
]
