"""The clinic's own words: named places, filled by plain substitution.

A template here is a sentence that somebody in the office wrote, not a program: nothing in it is run, and
what is filled in is never looked at again, so an address with braces stays an address.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from scheduler.rendering import dates
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, Locale, VisitFacts
from scheduler.rendering.language import Language

PLACES = ("clinic", "date", "time", "zone", "place", "address", "phone", "link")
WAS = "was"
"""A further place where a visit has moved: the time that the patient knows it by."""

BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Own:
    """The clinic's own words for one kind of message. A text message has no subject."""

    body: str
    subject: str = ""


def facts_of(
    visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language: Language, *, short: bool = False
) -> dict[str, str]:
    """What stands in each place for this visit; `short`: the date as text messages write it."""
    wall = dates.local(visit.starts_at, visit.tz)
    day = dates.short_day if short else dates.visit_day
    return {
        "clinic": clinic.discreet_name,
        "date": day(visit, locale, language),
        "time": dates.clock(wall, locale, language),
        "zone": dates.zone(wall),
        "place": visit.place_name,
        "address": visit.address,
        "phone": visit.phone,
        "link": visit.link,
    }


def unknown_places(template: str, known: Collection[str] = PLACES) -> list[str]:
    """The names in braces that are no places, each once, and a brace that stands alone."""
    named = [name for name in BRACES.findall(template) if name not in known]
    alone = re.findall(r"[{}]", BRACES.sub("", template))
    return list(dict.fromkeys(["{" + name + "}" for name in named] + alone))


def fill_places(template: str, facts: Mapping[str, str]) -> str:
    """Put the facts into their places, once; raises RenderError for a place that there is none of."""
    if unknown := unknown_places(template, facts):
        raise RenderError(f"{unknown[0]} is not a place that can be filled in. Use {listed(facts)}.")
    return BRACES.sub(lambda found: facts[found[1]], template)


def listed(known: Iterable[str] = PLACES) -> str:
    """The places as a sentence lists them."""
    return ", ".join("{" + name + "}" for name in known)
