"""The course log as its page shows it: the record's facts in words, their times at the site. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.features.infusion_logs.domain.numbers import shown
from scheduler.features.review.deviations import GONE
from scheduler.rendering.canonical import Facts, instant

STATES = {"draft": "Being written", "complete": "Not signed", "signed": "Signed"}


@dataclass(frozen=True)
class Stop:
    """One visit on the line of six (templates/parts/line6.html)."""

    infusion_id: int
    number: int
    state: str
    when: str
    lines: Sequence[tuple[str, str]]
    gap: str = ""
    gap_bad: bool = False
    is_gone: bool = False

    @property
    def href(self) -> str | None:
        """The page of its log; a visit that did not take place has none."""
        return None if self.is_gone else f"/infusions/{self.infusion_id}/log"


@dataclass(frozen=True)
class Signature:
    """Who signed, when, and the digest of what."""

    by: str
    at: datetime
    digest: str


@dataclass(frozen=True)
class AddendumLine:
    """One addendum; `about` is what it speaks of."""

    about: str
    words: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Gap:
    """One departure or missing rating, with its reason and whose it is."""

    key: str
    where: str
    rule: str
    was: str
    reason: str
    said: str


def stops(facts: Facts, logs: Mapping[int, str]) -> list[Stop]:
    """The visits of the course in a line, with dose, events and the state of each log."""
    zone = ZoneInfo(facts["site"]["tz"])
    visits = facts["visits"]
    bad = {gap["key"] for gap in facts["deviations"]}
    found = []
    for at, visit in enumerate(visits):
        standing = [one for one in visits[at + 1 :] if one["status"] not in GONE]
        after = standing[0] if standing and visit["status"] not in GONE else None
        days = (date.fromisoformat(after["day"]) - date.fromisoformat(visit["day"])).days if after else 0
        when = instant(visit["starts_at"]).astimezone(zone)
        found.append(
            Stop(
                visit["id"],
                visit["number"],
                _dot(visit),
                f"{when.day} {when:%b, %H:%M}",
                _lines(visit, logs.get(visit["id"], "")),
                f"{days} day{'s' if days != 1 else ''}" if after else "",
                after is not None and f"gap:{after['id']}" in bad,
                visit["status"] in GONE,
            )
        )
    return found


def gaps(facts: Facts) -> list[Gap]:
    """All departures from the protocol."""
    zone = ZoneInfo(facts["site"]["tz"])
    return [
        Gap(
            one["key"],
            f"No. {one['number']}" if one["number"] else "Course",
            one["rule"],
            one["was"],
            one["reason"],
            _said(one, zone),
        )
        for one in facts["deviations"]
    ]


def lost_ratings(facts: Facts) -> list[Gap]:
    """The ratings that were not given in their time."""
    zone = ZoneInfo(facts["site"]["tz"])
    return [
        Gap(one["key"], one["words"], one["name"], "Not given", one["reason"], _said(one, zone))
        for one in facts["missing"]
    ]


def signature(facts: Facts | None, tz: str) -> Signature | None:
    """A signature of the record, told at the site."""
    if facts is None:
        return None
    return Signature(facts["by"]["name"], instant(facts["at"]).astimezone(ZoneInfo(tz)), facts["digest"])


def addenda(facts: Facts) -> list[AddendumLine]:
    """What was set right after the signature."""
    zone = ZoneInfo(facts["site"]["tz"])
    return [
        AddendumLine(
            f"Infusion no. {one['number']}" if one["number"] else "The course",
            one["words"],
            one["reason"],
            one["by"]["name"],
            instant(one["at"]).astimezone(zone),
        )
        for one in facts["addenda"]
    ]


def mg(micrograms: int) -> str:
    """`35 mg` of 35,000 micrograms."""
    return f"{shown(Fraction(micrograms, 1000), 2)} mg"


def _said(one: Mapping[str, Any], zone: ZoneInfo) -> str:
    """`Dr Marsh, 28 Apr 2026`, or "" where the reason came with the fact itself."""
    if one["by"] is None:
        return ""
    at = instant(one["at"]).astimezone(zone)
    return f"{one['by']['name']}, {at.day} {at:%b %Y}"


def _dot(visit: Facts) -> str:
    if visit["status"] in GONE:
        return str(visit["status"])
    return "done" if visit["status"] == "completed" else "open"


def _lines(visit: Facts, state: str) -> list[tuple[str, str]]:
    if visit["status"] in GONE:
        return [(str(visit["status"]).capitalize(), "")]
    log = visit["log"]
    if log is None:
        return [("Nothing charted", "care")] if visit["status"] == "completed" else []
    found = [(mg(log["dose_ug"]), "")] if log["dose_ug"] is not None else []
    found += [
        (f"{event['term']}, grade {event['grade']}", "care")
        for event in log["events"]
        if not event["struck_at"]
    ]
    if visit["stopped_early"]:
        found.append(("Stopped early", "care"))
    return [*found, (f"Log: {STATES[state].lower()}", "" if state == "signed" else "care")]
