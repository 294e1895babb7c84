"""How much is planned anew: one infusion alone, all without a date, or whatever follows as well."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.features.courses.words import numbers
from scheduler.planning.mending import Ailing


class Reach(StrEnum):
    """What may get another date."""

    ONE = "one"
    OPEN = "open"
    ALL = "all"


@dataclass(frozen=True)
class Scope:
    """The numbers that get a date, and whether the visits after the first of them may move for it."""

    reach: Reach
    numbers: tuple[int, ...]


def named(values: Sequence[int]) -> str:
    """`Visit 3`, `Visits 3 and 5`."""
    return f"Visit {values[0]}" if len(values) == 1 else f"Visits {numbers(values)}"


def scopes_of(missing: Sequence[int], ahead: Sequence[int], after: int | None) -> list[Scope]:
    """The choices there are, the least first.

    missing: numbers without a date; ahead: those of visits that can still move; after: the number of the
    infusion that was given up, if the page was asked about one.
    """
    found = []
    if after in missing and len(missing) > 1 and after is not None:
        found.append(Scope(Reach.ONE, (after,)))
    found.append(Scope(Reach.OPEN, tuple(missing)))
    if any(number > missing[0] for number in ahead):
        found.append(Scope(Reach.ALL, tuple(missing)))
    return found


def chosen(scopes: Sequence[Scope], *, every: bool | None, after: int | None) -> Scope:
    """The choice that was made; where none was, the least."""
    if every and scopes[-1].reach is Reach.ALL:
        return scopes[-1]
    if every is False and after is None:
        return next(scope for scope in scopes if scope.reach is Reach.OPEN)
    return scopes[0]


def scoped(course: Ailing, scope: Scope) -> Ailing:
    """The course with the numbers of the scope to plan, and the other visits free to move or not."""
    visits = tuple(visit for visit in course.visits if visit.day is not None or visit.k in scope.numbers)
    standing = [visit.k for visit in visits if visit.day is not None and not visit.done]
    fixed = standing if scope.reach is not Reach.ALL else [k for k in standing if k < scope.numbers[0]]
    return replace(course, visits=visits, stay=frozenset(fixed))
