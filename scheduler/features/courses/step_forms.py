"""What the forms of steps and endings send, as values. Raises RuleError for what can't be meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from scheduler.errors import RuleError
from scheduler.features.courses.transitions import Step
from scheduler.models import InfusionStatus

EXPECT, COUNTS, KEEP_UNTIL = "expect", "counts", "keep_until"
UNKNOWN = "This step could not be read. Open the page again and choose it there."


@dataclass(frozen=True)
class StepForm:
    """One step; `step` is None where a time or a clinician's word is noted instead."""

    step: Step | None
    seen: InfusionStatus | None
    reason: str
    counts: bool | None
    expected: time | None


def parse_step(form: Mapping[str, str]) -> StepForm:
    """Read step, seen, reason, counts ("yes", "no") and expected ("14:20")."""
    name = form.get("step", "")
    counts = {"yes": True, "no": False}.get(form.get("counts", ""))
    try:
        step = None if name in (EXPECT, COUNTS) else Step(name)
        seen = InfusionStatus(form.get("seen", "")) if step else None
    except ValueError as error:
        raise RuleError(UNKNOWN) from error
    if name == COUNTS and counts is None:
        raise RuleError("Choose whether it counts.")
    return StepForm(step, seen, form.get("reason", ""), counts, _time(form.get("expected", "")))


def expected_at(day: date, wanted: time | None, tz: str) -> datetime | None:
    """The instant of a time on the visit's day."""
    return None if wanted is None else datetime.combine(day, wanted, ZoneInfo(tz))


def parse_keep(form: Mapping[str, str]) -> date | None:
    """The day until which visits are kept; None where they are released."""
    if form.get("which") == "release":
        return None
    try:
        return date.fromisoformat(form.get(KEEP_UNTIL, "").strip())
    except ValueError as error:
        sentence = "Choose the day until which the visits are kept, or release them."
        raise RuleError(sentence, field=KEEP_UNTIL) from error


def _time(text: str) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError as error:
        raise RuleError("Write the time as 14:20.") from error
