"""Up to three repairs that differ in what matters: visits moved, spacing, the last day."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from scheduler.features.courses.words import day_words, listed, numbers
from scheduler.planning.mending import Ailing
from scheduler.planning.mending_path import Mended
from scheduler.planning.violation import clock, days_of

Measure = Callable[[Ailing, Mended], tuple[int, ...]]


def days_of_course(course: Ailing, mended: Mended) -> dict[int, date]:
    """The day of every visit, the done ones included, by number."""
    new = {each.k: each.day for each in mended.visits}
    return {each.k: new.get(each.k, each.day) for each in course.visits if each.k in new or each.day}  # type: ignore[misc]


def _moved(_: Ailing, mended: Mended) -> tuple[int, ...]:
    return (len(mended.moved),)


def _spacing(course: Ailing, mended: Mended) -> tuple[int, ...]:
    target = course.request.protocol.gap_target
    days = sorted(days_of_course(course, mended).items())
    return (sum(abs((b - a).days - (w - v) * target) for (v, a), (w, b) in pairwise(days)),)


def _last(_: Ailing, mended: Mended) -> tuple[int, ...]:
    return (mended.days[-1].toordinal(),)


BEST: Sequence[tuple[str, Measure]] = (
    ("Fewest visits moved", _moved),
    ("Best spacing", _spacing),
    ("Done soonest", _last),
)


def ranked(course: Ailing, found: Sequence[Mended], wanted: int) -> list[tuple[str, Mended]]:
    """Names and repairs: the best by each measure, then others that give the first number another day."""
    champions = [
        (name, min(found, key=lambda each: (*measure(course, each), each.objective)), measure)
        for name, measure in BEST
        if len({measure(course, each) for each in found}) > 1
    ]
    picked: dict[tuple[date, ...], Mended] = {each.days: each for _, each, _ in champions}
    for each in [*_others(course, found, list(picked.values())), *found]:
        if len(picked) < wanted:
            picked.setdefault(each.days, each)
    named: list[tuple[str, Mended]] = []
    given: set[str] = set()
    for each in sorted(list(picked.values())[:wanted], key=lambda each: (len(each.moved), each.objective)):
        best_at = [
            name for name, best, measure in champions if measure(course, each) == measure(course, best)
        ]
        fresh = [name for name in best_at if name not in given]
        named.append((fresh[0] if fresh else f"From {day_words(_first_new(course, each))}", each))
        given.update(best_at)
    return _told_apart(named)


def why(course: Ailing, mended: Mended) -> str:
    """`Moves no other visit. A gap of 3 days before no. 4. Ends Mon 16 Nov, 15 days in all.`"""
    others = any(visit.day is not None and not visit.done for visit in course.visits)
    moves = [f"Moves no. {numbers(mended.moved)}."] if mended.moved else ["Moves no other visit."] * others
    days = days_of_course(course, mended)
    length = (max(days.values()) - min(days.values())).days + 1
    end = f"Ends {day_words(max(days.values()))}, {days_of(length)} in all."
    return " ".join([*moves, *_gaps(course, days), *_hours(course, mended), end])


def _gaps(course: Ailing, days: dict[int, date]) -> list[str]:
    target, by_gap = course.request.protocol.gap_target, dict[int, list[int]]()
    for (v, a), (w, b) in pairwise(sorted(days.items())):
        if (b - a).days != (w - v) * target and _is_open(course, w):
            by_gap.setdefault((b - a).days, []).append(w)
    if not by_gap:
        return [f"Every gap is {days_of(target)}."]
    return [f"{_gap(gap, visits)} before no. {numbers(visits)}." for gap, visits in by_gap.items()]


def _gap(gap: int, visits: Sequence[int]) -> str:
    return f"A gap of {days_of(gap)}" if len(visits) == 1 else f"Gaps of {days_of(gap)}"


def _hours(course: Ailing, mended: Mended) -> list[str]:
    """The new visits that do not start at the course's usual hour."""
    old = {visit.k for visit in course.visits if visit.day is not None}
    odd = [each for each in mended.visits if each.k not in old and each.minute != course.anchor]
    if not odd:
        return []
    return [
        f"{listed(f'No. {each.k} at {clock(each.minute)}' for each in odd)}, usually {clock(course.anchor)}."
    ]


def _is_open(course: Ailing, number: int) -> bool:
    return any(visit.k == number and not visit.done for visit in course.visits)


def _first_new(course: Ailing, mended: Mended) -> date:
    old = {visit.k for visit in course.visits if visit.day is not None}
    return next(each.day for each in mended.visits if each.k not in old)


def _others(course: Ailing, found: Sequence[Mended], chosen: Sequence[Mended]) -> list[Mended]:
    """For each other first day the cheapest repair."""
    seen = {_first_new(course, each) for each in chosen}
    others: list[Mended] = []
    for each in found:
        if _first_new(course, each) not in seen:
            seen.add(_first_new(course, each))
            others.append(each)
    return others


def _told_apart(named: Sequence[tuple[str, Mended]]) -> list[tuple[str, Mended]]:
    """Two that begin on one day are told apart by their last one."""
    found: list[tuple[str, Mended]] = []
    for name, each in named:
        taken = any(name == other for other, _ in found)
        found.append((f"Until {day_words(each.days[-1])}" if taken else name, each))
    return found
