"""Where no set of dates fits: what stands in the way, and the single changes that make one possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from scheduler.features.courses.bending import BENDS
from scheduler.features.courses.building.address import relaxed_address
from scheduler.features.courses.words import counted, day_words, listed, relaxation
from scheduler.planning import Explanation

if TYPE_CHECKING:
    from scheduler.features.courses.building.offer import BuildPage


@dataclass(frozen=True)
class WayOut:
    """A single relaxation that makes a plan possible. Without `href`, only a clinician can take it."""

    words: str
    href: str | None


def impasse(explanations: Sequence[Explanation], page: "BuildPage") -> str:
    """`Riverside: visit 4 finds no room on Mon 18 May and Tue 19 May.`"""
    names = {str(site.id): site.name for site in page.sites}
    parts = [
        f"{names.get(site, site)}: {_visit(found.session, page)} finds no room{_tried(found.days)}."
        for explanation in explanations
        for site, found in explanation.sites.items()
    ]
    visits = counted(page.version.infusions)
    return (
        " ".join(parts) or f"Single days are free, but no {visits} of them keep the spacing of the protocol."
    )


def ways_out(explanations: Sequence[Explanation], page: "BuildPage", *, may_bend: bool) -> list[WayOut]:
    """What could be relaxed, best first. A course bends its protocol in one way at most."""
    seen: dict[str, WayOut] = {}
    for explanation in explanations:
        for way in explanation.relaxations:
            bends = way.name in BENDS
            if bends and page.form.bend:
                continue
            href = relaxed_address(way.name, page.form, page.version, page.site_value, page.ticks, page.today)
            if href is not None:
                words = relaxation(way.name, page.version)
                words = f"{words[0].upper()}{words[1:]}"
                seen.setdefault(way.name, WayOut(words, href if may_bend or not bends else None))
    return list(seen.values())


def _visit(number: int, page: "BuildPage") -> str:
    return "the visit" if page.version.infusions == 1 else f"visit {number}"


def _tried(days: Sequence[date]) -> str:
    """The days that were tried, by name where they are few."""
    if not days:
        return ""
    if len(days) <= 4:
        return f" on {listed(day_words(day) for day in days)}"
    return f" on any of {len(days)} days from {day_words(days[0])} to {day_words(days[-1])}"
