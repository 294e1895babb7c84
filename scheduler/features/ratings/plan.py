"""Which instrument is asked at which time point: part of a version of a protocol, so a course keeps its own.

A two-week instrument repeated every few days overlaps itself. So each infusion has the two short questions,
and GAD-7 stands at the baseline, in the middle, at the end and weekly after (CLINICAL.md, section 3).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scheduler.models import TimePoint

Key = tuple[str, int]
"""Code and version of an instrument."""


class Which(StrEnum):
    """At which infusions of the course; a baseline and a weekly rating belong to the course as a whole."""

    EACH = "each"
    MIDDLE = "middle"
    LAST = "last"


@dataclass(frozen=True)
class Line:
    """One instrument at one time point."""

    instrument: Key
    at: TimePoint
    which: Which = Which.EACH

    def holds(self, number: int, infusions: int) -> bool:
        """Whether it is asked at infusion `number` of so many; two infusions have no middle."""
        if self.which is Which.LAST:
            return number == infusions
        if self.which is Which.MIDDLE:
            return infusions > 2 and number == infusions // 2 + 1
        return True


@dataclass(frozen=True)
class Plan:
    """The lines, and the code of the instrument on which response and remission are judged.

    `tasks` are lines of the short cognitive tasks, apart from the ratings: no protocol has them unless it
    says so, and nothing is judged on them.
    """

    primary: str
    lines: tuple[Line, ...]
    tasks: tuple[Line, ...] = ()

    def asked(self, point: TimePoint, number: int = 0, infusions: int = 0) -> tuple[Key, ...]:
        """What is asked at a time point, of the infusion `number` where it belongs to one."""
        return tuple(
            line.instrument for line in self.lines if line.at is point and line.holds(number, infusions)
        )

    def filled(
        self, number: int, infusions: int, given: Collection[tuple[TimePoint, str]]
    ) -> frozenset[TimePoint]:
        """The time points of an infusion at which nothing lacks; `given` are pairs of point and code."""
        return frozenset(
            point
            for point in TimePoint
            if all((point, code) in given for code, _ in self.asked(point, number, infusions))
        )


# Courses hold to it by having no plan of their own, so it is never edited: another usual plan is another
# name, and the protocols that shall use it get a version that says so.
USUAL = Plan(
    primary="gad7",
    lines=(
        Line(("gad7", 1), TimePoint.BASELINE),
        Line(("phq9", 1), TimePoint.BASELINE),
        Line(("anxiety_now", 1), TimePoint.PRE),
        Line(("gad7", 1), TimePoint.PRE, Which.MIDDLE),
        Line(("anxiety_now", 1), TimePoint.POST_2H),
        Line(("anxiety_24h", 1), TimePoint.DAY_1),
        Line(("anxiety_24h", 1), TimePoint.DAY_2_7),
        Line(("gad7", 1), TimePoint.DAY_2_7, Which.LAST),
        Line(("phq9", 1), TimePoint.DAY_2_7, Which.LAST),
        Line(("gad7", 1), TimePoint.WEEKLY),
    ),
)


def plan_of(stored: Mapping[str, Any] | None) -> Plan:
    """The plan of a protocol version, from its column `rating_plan`; the usual one where it has none."""
    if stored is None:
        return USUAL
    return Plan(stored["primary"], _lines(stored["lines"]), _lines(stored.get("tasks", ())))


def stored(plan: Plan) -> dict[str, Any]:
    """The plan as the column `rating_plan` keeps it."""
    return {"primary": plan.primary, "lines": _rows(plan.lines), "tasks": _rows(plan.tasks)}


def tasks_of(stored: Mapping[str, Any] | None) -> Plan:
    """The short tasks of a protocol version as a plan of their own, so that they fall due as ratings do."""
    return Plan("", plan_of(stored).tasks)


def _lines(rows: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line((row["instrument"], row["version"]), TimePoint(row["at"]), Which(row["which"])) for row in rows
    )


def _rows(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [
        {"instrument": code, "version": version, "at": line.at.value, "which": line.which.value}
        for line in lines
        for code, version in (line.instrument,)
    ]
