"""The sections of the settings, and whose they are."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from scheduler.features.settings.facts import (
    Facts,
    When,
    closures_facts,
    messages_facts,
    protocols_facts,
    shifts_facts,
    sites_facts,
    staff_facts,
)
from scheduler.models import Role

ALL = frozenset(Role)
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Section:
    """One page of the settings."""

    slug: str
    title: str
    lead: str
    roles: frozenset[Role]
    read: Callable[[Session, When], Facts]


SECTIONS = (
    Section(
        "sites", "Sites and hours", "Where the clinic is, when it is open, and its chairs.", ALL, sites_facts
    ),
    Section(
        "closures",
        "Closures and holidays",
        "When a site or a chair is shut. No visit is planned then.",
        ALL,
        closures_facts,
    ),
    Section(
        "shifts",
        "Shifts",
        "Who is on duty. Visits are planned only where enough nurses are, and a clinician.",
        ALL,
        shifts_facts,
    ),
    Section(
        "protocols",
        "Protocols",
        "The rules by which the dates of a course are proposed. A running course keeps its version.",
        ALL,
        protocols_facts,
    ),
    Section(
        "messages",
        "Messages",
        "When patients are reminded of a visit, and in which words they are written to.",
        ADMINISTRATOR,
        messages_facts,
    ),
    Section("staff", "Staff", "Who may sign in, and what they may do.", ADMINISTRATOR, staff_facts),
)
BY_SLUG = {section.slug: section for section in SECTIONS}
