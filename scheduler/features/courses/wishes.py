"""What a patient wishes for one course: when they can come, and when they would like to.

The front desk ticks half-days. A day whose ticks are as the patient's own page suggests keeps the
exact times written there; a changed day becomes whole half-days. The result is stored with the course, so
that every later move respects what was agreed when it was booked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from scheduler.models import Patient
from scheduler.planning import Availability, Preference
from scheduler.planning import Blackout as PlanBlackout

NOON = 720
MIDNIGHT = 1440
HALVES = {"a": (0, NOON), "p": (NOON, MIDNIGHT)}
Span = tuple[int, int]


@dataclass(frozen=True)
class Away:
    """Days away, both ends included; whole days, or the same minutes of each."""

    first: date
    last: date
    minutes: Span | None = None


@dataclass(frozen=True)
class Wishes:
    """Weekly windows in local minutes, days away, a window of preferred starts, weekdays to avoid."""

    weekly: Mapping[int, tuple[Span, ...]]
    away: tuple[Away, ...] = ()
    preferred: Span | None = None
    avoid: frozenset[int] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """The form kept with the course."""
        return {
            "weekly": {
                str(day): [list(span) for span in spans] for day, spans in sorted(self.weekly.items())
            },
            "away": [
                [a.first.isoformat(), a.last.isoformat(), list(a.minutes) if a.minutes else None]
                for a in self.away
            ],
            "preferred": list(self.preferred) if self.preferred else None,
            "avoid": sorted(self.avoid),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Wishes":
        """What `to_json` gave."""
        return cls(
            {int(day): tuple((a, b) for a, b in spans) for day, spans in data["weekly"].items()},
            tuple(
                Away(date.fromisoformat(first), date.fromisoformat(last), tuple(minutes) if minutes else None)
                for first, last, minutes in data["away"]
            ),
            tuple(data["preferred"]) if data["preferred"] else None,
            frozenset(data["avoid"]),
        )

    def availability(self, extra: Iterable[PlanBlackout] = ()) -> Availability:
        """For the planner; `extra` are times that are lost for other reasons."""
        blackouts = [blackout for away in self.away for blackout in _blackouts(away)]
        return Availability(self.weekly, (*blackouts, *extra))

    def preference(self) -> Preference:
        """For the planner."""
        return Preference(self.preferred, self.avoid)


def patient_weekly(patient: Patient) -> dict[int, tuple[Span, ...]]:
    """The windows on the patient's own page; none there means any time."""
    if not patient.windows:
        return dict.fromkeys(range(7), ((0, MIDNIGHT),))
    weekly: dict[int, tuple[Span, ...]] = {}
    for window in patient.windows:
        weekly[window.weekday] = (*weekly.get(window.weekday, ()), (window.from_minute, window.to_minute))
    return weekly


def patient_away(patient: Patient) -> tuple[Away, ...]:
    """The days away on the patient's own page."""
    return tuple(
        Away(
            row.first_day,
            row.last_day,
            None if row.from_minute is None or row.to_minute is None else (row.from_minute, row.to_minute),
        )
        for row in patient.blackouts
    )


def ticks_of(weekly: Mapping[int, tuple[Span, ...]]) -> frozenset[str]:
    """The half-days, such as `1p`, in which the windows leave at least an hour."""
    return frozenset(
        f"{day}{half}"
        for day, spans in weekly.items()
        for half, (start, end) in HALVES.items()
        if any(min(end, b) - max(start, a) >= 60 for a, b in spans)
    )


def weekly_of(ticks: frozenset[str], own: Mapping[int, tuple[Span, ...]]) -> dict[int, tuple[Span, ...]]:
    """Windows from ticked half-days; days ticked as `own` suggests keep the exact times of `own`."""
    suggested = ticks_of(own)
    weekly: dict[int, tuple[Span, ...]] = {}
    for day in range(7):
        here = frozenset(tick for tick in ticks if tick.startswith(str(day)))
        if not here:
            continue
        if here == frozenset(tick for tick in suggested if tick.startswith(str(day))):
            weekly[day] = own[day]
        else:
            weekly[day] = ((0 if f"{day}a" in here else NOON, MIDNIGHT if f"{day}p" in here else NOON),)
    return weekly


def _blackouts(away: Away) -> list[PlanBlackout]:
    if away.minutes is None:
        return [
            PlanBlackout(
                datetime.combine(away.first, time()), datetime.combine(away.last, time()) + timedelta(1)
            )
        ]
    days = [away.first + timedelta(n) for n in range((away.last - away.first).days + 1)]
    start, end = away.minutes
    midnights = [datetime.combine(day, time()) for day in days]
    return [PlanBlackout(m + timedelta(minutes=start), m + timedelta(minutes=end)) for m in midnights]
