"""What a log still needs before it is complete, in words, each with the place on the page where it is mended.

A row of vitals that nobody took can't be taken any more: it is no hole in the log but a deviation from the
protocol, which the grid shows as a row that was not taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.features.infusion_logs.fields import FIELDS, Field
from scheduler.features.infusion_logs.values import Value


@dataclass(frozen=True)
class Missing:
    """One thing, and the id of the element that mends it."""

    words: str
    anchor: str


@dataclass(frozen=True)
class Holes:
    """What the fields alone do not say: `held` are pressures without an answer, as "184/102 at 10:50"."""

    has_baseline: bool
    held: Sequence[str]
    running_pauses: int


def missing_of(values: Mapping[str, Value], checks: Sequence[Field], holes: Holes) -> list[Missing]:
    """Everything that is missing. `values` holds the answers to the discharge list too."""
    found = [
        Missing(each.missing, each.name) for each in FIELDS if each.missing and values.get(each.name) is None
    ]
    if not holes.has_baseline:
        found.append(Missing("The vitals before the infusion are missing.", "vitals"))
    found += [Missing(f"{pressure}: what was done is not recorded.", "holds") for pressure in holes.held]
    if holes.running_pauses and values.get("stopped_at") is not None:
        found.append(Missing("An interruption of the pump has no end.", "pauses"))
    return [*found, *_leaving(values, checks), *_escort(values)]


def _leaving(values: Mapping[str, Value], checks: Sequence[Field]) -> Iterator[Missing]:
    for each in checks:
        if values.get(each.name) is None:
            yield Missing(each.missing, each.name)
    refused = [each.label for each in checks if values.get(each.name) == "no"]
    if refused and not values.get("leave_reason"):
        listed = ", ".join(f"“{label}”" for label in refused)
        yield Missing(f"Answered with no: {listed}. A clinician writes why the patient left.", "leave_reason")


def _escort(values: Mapping[str, Value]) -> Iterator[Missing]:
    if values.get("escort_came") == "yes":
        if not values.get("escort_name"):
            yield Missing("The name of the escort is missing.", "escort_name")
        if values.get("escort_at") is None:
            yield Missing("When the escort came is missing.", "escort_at")
    if values.get("escort_came") == "no":
        if not values.get("escort_absent_done"):
            yield Missing("The escort did not come: what was done is missing.", "escort_absent_done")
        if not values.get("escort_absent_note"):
            yield Missing(
                "The escort did not come: who decided, and how the patient left.", "escort_absent_note"
            )
