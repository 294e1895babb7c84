"""The rules of a protocol as sentences, and its phases as a bar."""

from dataclasses import dataclass

from scheduler.models import ProtocolPhase, ProtocolVersion
from scheduler.web.filters import count

CHAIRS = {"chair": "a chair", "bed": "a bed", "room": "a room"}
SLOT = 10


@dataclass(frozen=True)
class Phase:
    """One phase of the bar: `look` is its class, `at` and `slots` its place in ten-minute slots."""

    name: str
    minutes: int
    patients_per_nurse: int
    clinician_present: bool
    look: str
    at: int
    slots: int


def rules(version: ProtocolVersion) -> list[str]:
    """What the version asks for, a sentence each."""
    where = CHAIRS.get(version.chair_type or "", "any chair, bed or room")
    visit = f"A visit takes {version.visit_minutes} minutes in {where}."
    if version.infusions == 1:
        return ["A single infusion.", visit]
    apart = f"{_span(version.gap_min, version.gap_max)} days apart"
    later = f"gaps up to {count(version.recovery_gap_max, 'day')}"
    return [
        f"{version.infusions} infusions, {apart}; {count(version.gap_target, 'day')} is best.",
        f"From the first to the last it takes {_span(version.span_min, version.span_max)} days.",
        f"When missed dates are made up: {later}, all within {count(version.recovery_span_max, 'day')}.",
        visit,
    ]


def phases(version: ProtocolVersion) -> list[Phase]:
    """The visit's phases in order, laid end to end."""
    found: list[Phase] = []
    at = 1
    for place, phase in enumerate(version.phases):
        slots = phase.minutes // SLOT
        found.append(
            Phase(
                phase.name,
                phase.minutes,
                phase.patients_per_nurse,
                phase.clinician_present,
                _look(phase, place, len(version.phases)),
                at,
                slots,
            )
        )
        at += slots
    return found


def bar_hours(version: ProtocolVersion) -> int:
    """Whole hours that the bar needs."""
    return -(-version.visit_minutes // 60)


def _look(phase: ProtocolPhase, place: int, phases_in_all: int) -> str:
    """Solid while a clinician must be there, hatched before, tinted after, striped at the end."""
    if phase.clinician_present:
        return "inf"
    if place == 0:
        return "prep"
    return "out" if place == phases_in_all - 1 else "rec"


def _span(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"


def preview(version: ProtocolVersion) -> list[str]:
    """The rules in sentences, and the course that they make at its best spacing."""
    found = rules(version)
    if version.infusions == 1:
        return found
    best = (version.infusions - 1) * version.gap_target + 1
    days = min(max(best, version.span_min), version.span_max)
    return [*found, f"At the best spacing the last visit is on day {days} of the course."]
