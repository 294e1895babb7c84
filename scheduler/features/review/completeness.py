"""What a course log has and what it lacks before it can be signed, in words. Pure.

A gap that can't be mended any more (a rating that nobody gave, a row of vitals that nobody took) does not
forbid the signature: it asks for a reason, which is signed with the rest. Three things do forbid it: a course
that goes on, a log that is not complete, and an open alert about self-harm (CLINICAL.md, section 3).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.rendering.canonical import Facts

CLOSED = ("completed", "discontinued")


@dataclass(frozen=True)
class Item:
    """One line of the list. `state` is yes, no (keeps the log from being signed) or open (told, no more).

    `key` is that of the gap that a reason is asked for, `infusion_id` the log to open, `anchor` a place on
    the page.
    """

    state: str
    words: str
    note: str = ""
    key: str = ""
    infusion_id: int | None = None
    anchor: str = ""


@dataclass(frozen=True)
class Standing:
    """What the facts alone do not say: the state of each log by infusion id (draft, complete or signed), the
    open alerts about self-harm, and the ratings that could still be given.
    """

    logs: Mapping[int, str]
    item_9: int
    open_ratings: Sequence[Facts]


def completeness(facts: Mapping[str, Any], standing: Standing) -> list[Item]:
    """The list: what is missing first, then what is told, then what is settled."""
    found = [*_alerts(standing), *_course(facts), *_logs(facts, standing), *_gaps(facts)]
    found += _settled(facts, standing, found)
    found += _still_open(standing.open_ratings)
    order = {"no": 0, "open": 1, "yes": 2}
    return sorted(found, key=lambda item: order[item.state])


def lacking(items: Collection[Item]) -> list[Item]:
    """Those that keep the log from being signed."""
    return [item for item in items if item.state == "no"]


def _alerts(standing: Standing) -> Iterator[Item]:
    if standing.item_9:
        note = "A clinician writes what was done. Until then the course log can't be signed."
        yield Item(
            "no", "An open alert about being better off dead or hurting oneself", note, anchor="alerts-h"
        )
    else:
        yield Item("yes", "No open alert about self-harm")


def _course(facts: Mapping[str, Any]) -> Iterator[Item]:
    if facts["course"]["status"] not in CLOSED:
        note = "It can be signed once no visit of it is to come."
        yield Item("no", "The course goes on", note)


def _logs(facts: Mapping[str, Any], standing: Standing) -> Iterator[Item]:
    waits = []
    for visit in facts["visits"]:
        state = standing.logs.get(visit["id"])
        if state == "draft":
            words = f"Log of no. {visit['number']}"
            yield Item("no", words, "Not complete. Its page says what is missing.", infusion_id=visit["id"])
        if state == "complete":
            waits.append(visit["number"])
    if waits:
        listed = ", ".join(map(str, waits))
        yield Item("open", f"Logs to be signed: no. {listed}", "Signing the course log signs them with it.")


def _gaps(facts: Mapping[str, Any]) -> Iterator[Item]:
    for gap in facts["missing"]:
        yield _gap(gap, f"{gap['name']}, {gap['words'][0].lower()}{gap['words'][1:]}", "Not given.")
    for gap in facts["deviations"]:
        where = f"No. {gap['number']}" if gap["number"] else "Course"
        yield _gap(gap, f"{where}: {gap['was'][0].lower()}{gap['was'][1:]}", f"{gap['rule']}.")


def _gap(gap: Facts, words: str, note: str) -> Item:
    if gap["reason"]:
        return Item("yes", words, f"Reason: {gap['reason']}")
    return Item("no", words, f"{note} The reason is missing.", key=gap["key"])


def _settled(facts: Mapping[str, Any], standing: Standing, found: Sequence[Item]) -> Iterator[Item]:
    states = list(standing.logs.values())
    if states and "draft" not in states:
        signed = states.count("signed")
        yield Item("yes", "All logs are complete", f"{signed} of {len(states)} signed" if signed else "")
    standing_events = [
        event
        for visit in facts["visits"]
        if visit["log"]
        for event in visit["log"]["events"]
        if not event["struck_at"]
    ]
    if all(event["outcome"] not in ("ongoing", "unknown") for event in standing_events):
        yield Item("yes", "Adverse events have an outcome" if standing_events else "No adverse event")
    else:
        yield Item("open", "An adverse event is still there, or its outcome is not known")
    if not any(item.key.startswith("rating:") for item in found) and not facts["missing"]:
        yield Item("yes", "All ratings that were due are given")


def _still_open(ratings: Sequence[Facts]) -> Iterator[Item]:
    if not ratings:
        return
    first = ratings[0]
    count = "1 rating" if len(ratings) == 1 else f"{len(ratings)} ratings"
    note = f"The first: {first['name']}, {first['words'][0].lower()}{first['words'][1:]}. "
    yield Item("open", f"{count} could still be given", note + "Signing now closes them.")
