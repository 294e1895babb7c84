"""What only shows when fields are seen together: a dose that does not fit the weight, times out of order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from scheduler.features.infusion_logs.domain.dose import differs, per_cent, work_out
from scheduler.features.infusion_logs.domain.limits import LIMITS, is_unusual
from scheduler.features.infusion_logs.domain.numbers import shown
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.problems import Trouble
from scheduler.features.infusion_logs.values import Value, weight_text

Found = tuple[str, Trouble, str]
WORKED_FROM = ("weight_g", "dose_ug_per_kg", "concentration_ug_per_ml", "minutes")


@dataclass(frozen=True)
class Around:
    """What a value is held against: the moment, the last weight, a pressure that nobody answered."""

    now: datetime
    place: Place
    last_weight: tuple[int, date] | None = None
    held_at: str = ""


def cross_check(
    values: Mapping[str, Value], changed: frozenset[str], around: Around
) -> Iterator[tuple[str, Trouble, str]]:
    """What is wrong or odd about `values` because of what `changed`: field, kind, sentence."""
    yield from _weight(values, changed, around)
    yield from _given(values, changed)
    yield from _times(values, changed, around)


def dose_notes(values: Mapping[str, Value]) -> list[str]:
    """What stays odd about the charted dose and rate, for the page: somebody said that it is right."""
    everything = frozenset({"dose_ug", "rate_ug_per_h"})
    return [sentence for _, _, sentence in _given(values, everything)]


def _weight(values: Mapping[str, Value], changed: frozenset[str], around: Around) -> Iterator[Found]:
    weight = values.get("weight_g")
    if "weight_g" not in changed or not isinstance(weight, int) or around.last_weight is None:
        return
    before, day = around.last_weight
    off = differs(weight, before)
    if off is None:
        return
    unit = "lb" if around.place.pounds else "kg"
    now, then = (weight_text(each, pounds=around.place.pounds) for each in (weight, before))
    yield (
        "weight_g",
        Trouble.ASK,
        f"{now} {unit} is {per_cent(off)} {_way(off)} the {then} {unit} of {day.day} {day:%b}.",
    )


def _given(values: Mapping[str, Value], changed: frozenset[str]) -> Iterator[Found]:
    """Dose and rate as charted against what weight, dose and time make of them: over 5 % is asked about."""
    worked = work_out(*(_whole(values.get(name)) for name in WORKED_FROM))
    dose, rate, minutes = (_whole(values.get(name)) for name in ("dose_ug", "rate_ug_per_h", "minutes"))
    at = _first(changed, "dose_ug", "weight_g", "dose_ug_per_kg")
    if at and dose is not None and worked.dose_ug is not None and (off := differs(dose, worked.dose_ug)):
        yield at, Trouble.ASK, f"{_mg(dose)} mg charted is {per_cent(off)} {_way(off)} {_sum(values)} mg."
    wanted = work_out(dose, 1000, None, minutes).rate_ug_h if dose is not None else worked.rate_ug_h
    at = _first(changed, "rate_ug_per_h", "minutes", "dose_ug")
    if at and rate is not None and wanted is not None and (off := differs(rate, wanted)):
        yield at, Trouble.ASK, f"{_mg(rate)} mg/h charted is {per_cent(off)} {_way(off)} {_mg(wanted)} mg/h."


def _times(values: Mapping[str, Value], changed: frozenset[str], around: Around) -> Iterator[Found]:
    for name in ("started_at", "stopped_at", "escort_at", "left_at"):
        moment = values.get(name)
        if name in changed and isinstance(moment, datetime) and moment > around.now:
            yield (
                name,
                Trouble.REFUSED,
                f"{around.place.said(moment)} is still to come. Write when it happened.",
            )
    begun, ended = values.get("started_at"), values.get("stopped_at")
    if "started_at" in changed and begun is not None and around.held_at:
        yield "started_at", Trouble.REFUSED, _held(around.held_at)
    if not isinstance(begun, datetime) or not isinstance(ended, datetime):
        return
    if (at := _first(changed, "stopped_at", "started_at")) is None:
        return
    if ended < begun:
        clock = around.place.said(begun)
        yield at, Trouble.REFUSED, f"The infusion started at {clock}, so it can't have stopped before that."
        return
    ran = Fraction(int((ended - begun).total_seconds()), 60)
    if is_unusual(LIMITS["minutes"], ran):
        low, high = LIMITS["minutes"].soft or LIMITS["minutes"].hard
        yield at, Trouble.ASK, f"It ran for {shown(ran, 0)} min, outside the usual {low} to {high} min."


def _held(pressure: str) -> str:
    return (
        f"The last pressure before the start, {pressure}, is above the clinic's limit. "
        "Record under the vitals what was done about it, then start."
    )


def _sum(values: Mapping[str, Value]) -> str:
    """`70.0 kg × 0.5 mg/kg = 35`."""
    weight, per_kg = _whole(values.get("weight_g")) or 0, _whole(values.get("dose_ug_per_kg")) or 0
    made = _mg(work_out(weight, per_kg, None, None).dose_ug or 0)
    return f"{weight_text(weight, pounds=False)} kg × {_mg(per_kg)} mg/kg = {made}"


def _way(off: Fraction) -> str:
    return "over" if off > 0 else "under"


def _mg(micrograms: int) -> str:
    return shown(Fraction(micrograms, 1000), 2)


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _first(changed: frozenset[str], *names: str) -> str | None:
    return next((name for name in names if name in changed), None)
