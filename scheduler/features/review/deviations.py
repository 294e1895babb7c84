"""Where a course departed from its protocol: computed from the facts that are signed, never typed in.

Pure, over the plain facts of `queries.record`: what is computed for the page is computed again from a signed
record and comes out the same. A departure is no fault. Each asks for a reason, which somebody may have
given already (a clinician who set a rule aside, a visit that was missed) and which the sign-off waits for
otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from scheduler.features.infusion_logs.checking import dose_notes
from scheduler.features.infusion_logs.domain.schedule import Rhythm, due_rows, unfilled
from scheduler.features.infusion_logs.rules import from_kept
from scheduler.rendering.canonical import Facts, instant

GONE = frozenset({"missed", "cancelled"})
DOSE_FIELDS = ("weight_g", "dose_ug_per_kg", "concentration_ug_per_ml", "minutes", "dose_ug", "rate_ug_per_h")


@dataclass(frozen=True)
class Deviation:
    """One departure: what the protocol says, what was, and why. `number` is the infusion's, 0 the course's.

    `reason` is "" while nobody gave one; `key` names it for good, also after dates were corrected.
    """

    key: str
    number: int
    rule: str
    was: str
    reason: str = ""


def deviations_of(facts: Mapping[str, Any]) -> list[Deviation]:
    """All departures of a course, the course's own after those of its infusions, by number."""
    given = [visit for visit in facts["visits"] if _took_place(visit)]
    found = [*_gaps(facts, given), *_course(facts, given)]
    for visit in given:
        found += _of_visit(visit, facts["protocol"])
    return sorted(found, key=lambda one: (one.number or 99, one.key))


def _took_place(visit: Facts) -> bool:
    return visit["status"] in ("completed", "in_progress")


def _gaps(facts: Mapping[str, Any], given: Sequence[Facts]) -> Iterator[Deviation]:
    """Days between neighbours, counted as calendar days at the clinic (CLINICAL.md, section 1)."""
    least, most = facts["protocol"]["gap_min"], facts["protocol"]["gap_max"]
    for before, after in pairwise(given):
        days = (_day(after) - _day(before)).days
        if least <= days <= most:
            continue
        rule = f"At least {_days(least)} after no. {before['number']}"
        if days > most:
            rule = f"At most {_days(most)} after no. {before['number']}"
        why = (
            _set_aside(facts, "R10", after["id"])
            or _bent(facts, "gap")
            or _lost_between(facts, before, after)
        )
        yield Deviation(f"gap:{after['id']}", after["number"], rule, _days(days), why)


def _course(facts: Mapping[str, Any], given: Sequence[Facts]) -> Iterator[Deviation]:
    protocol, course = facts["protocol"], facts["course"]
    if course["bend"]:
        yield Deviation("bend", 0, "The rules of the protocol", course["bend"], course["bend_reason"])
    counted = len({visit["number"] for visit in given if not visit["stopped_early"] or visit["counts"]})
    is_whole = counted >= protocol["infusions"]
    if course["status"] in ("completed", "discontinued") and not is_whole and not course["entered"]:
        was = f"{counted} counted"
        yield Deviation(
            "infusions", 0, f"{protocol['infusions']} infusions", was, course["status_reason"] or ""
        )
    if is_whole and len(given) > 1:
        yield from _span(facts, given)


def _span(facts: Mapping[str, Any], given: Sequence[Facts]) -> Iterator[Deviation]:
    least, most = facts["protocol"]["span_min"], facts["protocol"]["span_max"]
    span = (_day(given[-1]) - _day(given[0])).days + 1
    if least <= span <= most:
        return
    rule = f"All within {_days(most)}" if span > most else f"Over at least {_days(least)}"
    why = _set_aside(facts, "R11", None) or _bent(facts, "span")
    yield Deviation("span", 0, rule, _days(span), why)


def _of_visit(visit: Facts, protocol: Facts) -> Iterator[Deviation]:
    number, key, log = visit["number"], visit["id"], visit["log"]
    if visit["stopped_early"]:
        why = visit["status_reason"] or ""
        yield Deviation(f"stopped:{key}", number, "The whole infusion", "Stopped early", why)
    if log is None:
        yield Deviation(f"log:{key}", number, "A log of each infusion", "Nothing is charted")
        return
    notes = dose_notes({name: log[name] for name in DOSE_FIELDS})
    for at, note in enumerate(notes):
        yield Deviation(f"dose:{key}:{at}", number, "Dose and rate as worked out", note.rstrip("."))
    lost = lost_rows(log, protocol)
    if lost:
        rules = from_kept(log["rules"])
        rule = f"Vitals every {rules.during_minutes} min, every {rules.after_minutes} min after"
        yield Deviation(f"vitals:{key}", number, rule, f"None at {', '.join(lost)}")
    if log["escort_came"] == "no":
        yield Deviation(
            f"escort:{key}", number, "An escort", "The escort did not come", log["escort_absent_note"] or ""
        )
    if any(check["answer"] == "no" for check in log["checks"]):
        why = log["leave_reason"] or ""
        yield Deviation(f"discharge:{key}", number, "All discharge checks", "One was answered with no", why)


def lost_rows(log: Facts, protocol: Facts) -> list[str]:
    """The rows of vitals that were due and that no reading answers, such as `20 min` or `30 min after`."""
    started, stopped, left = (
        log[name] and instant(log[name]) for name in ("started_at", "stopped_at", "left_at")
    )
    if started is None or stopped is None:
        return []
    rules = from_kept(log["rules"])
    recovery = sum(phase["minutes"] for phase in protocol["phases"][infusion_at(protocol) + 1 :])
    rhythm = Rhythm(rules.during_minutes, rules.after_minutes, recovery=recovery)
    corrected = {row["replaces_id"] for row in log["vitals"]}
    taken = [
        instant(row["taken_at"])
        for row in log["vitals"]
        if row["id"] not in corrected and not row["withdrawn"]
    ]
    lost = unfilled(due_rows(started, stopped, left, rhythm), taken, rhythm)
    return [f"{row.minutes} min after" if row.part == "after" else f"{row.minutes} min" for row in lost]


def infusion_at(protocol: Facts) -> int:
    """Which phase is the infusion itself: the one that needs a clinician, else the second."""
    phases = protocol["phases"]
    needed = (at for at, phase in enumerate(phases) if phase["clinician_present"])
    return next(needed, min(1, len(phases) - 1))


def _set_aside(facts: Mapping[str, Any], rule: str, infusion_id: int | None) -> str:
    """The reason of the clinician who set this rule aside, for this visit if one is named."""
    for one in reversed(facts["overrides"]):
        if rule in one["rules"] and (infusion_id is None or infusion_id in one["visits"]):
            by = one["by"]["name"] if one["by"] else ""
            return f"{one['reason']} {by}, {instant(one['at']):%Y-%m-%d}".strip()
    return ""


def _bent(facts: Mapping[str, Any], what: str) -> str:
    """The reason of the clinician who bent a rule of spacing when the course was booked."""
    course = facts["course"]
    return (course["bend_reason"] or "") if (course["bend"] or "").startswith(what) else ""


def _lost_between(facts: Mapping[str, Any], before: Facts, after: Facts) -> str:
    """A visit that was missed or cancelled between two others explains a gap that a recovery may have."""
    days = (_day(after) - _day(before)).days
    if days > facts["protocol"]["recovery_gap_max"]:
        return ""
    for visit in facts["visits"]:
        if visit["status"] in GONE and before["starts_at"] < visit["starts_at"] < after["starts_at"]:
            why = f": {visit['status_reason']}" if visit["status_reason"] else ""
            return f"No. {visit['number']} on {visit['day']} was {visit['status']}{why}"
    return ""


def _day(visit: Facts) -> date:
    return date.fromisoformat(visit["day"])


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
