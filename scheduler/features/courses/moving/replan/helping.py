"""Single changes of what was asked that make a plan possible, each tried before it is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.features.courses.moving.chart import Chart
from scheduler.features.courses.moving.replan.asked import as_asked
from scheduler.features.courses.moving.replan.scope import Reach, Scope, scoped
from scheduler.features.courses.moving.replan.wish import ReplanForm, ReplanWish
from scheduler.planning.mending_path import repairs

EVERY_HALF = frozenset(f"{day}{half}" for day in range(7) for half in "ap")


@dataclass(frozen=True)
class Help:
    """What would help, and the parameters of the page that asks for it."""

    words: str
    values: Mapping[str, object]


def helps_of(chart: Chart, form: ReplanForm, scopes: Sequence[Scope], scope: Scope) -> tuple[Help, ...]:
    """The changes of a form with all wishes filled in that help, the smallest first."""
    found = []
    if scope.reach is not Reach.ALL and scopes[-1].reach is Reach.ALL and _fits(chart, scopes[-1]):
        found.append(Help("If the visits that follow may move", form.values(all="1")))
    for words, wish in _wider(form.wish):
        if _fits(as_asked(chart, wish), scope):
            found.append(Help(words, _address(form, wish)))
    return tuple(found)


def _wider(wish: ReplanWish) -> list[tuple[str, ReplanWish]]:
    """The same wish with one thing less."""
    found = []
    if wish.first:
        found.append(("If it may be earlier", replace(wish, first=None)))
    if wish.ticks != EVERY_HALF:
        found.append(("If the patient can come at any time", replace(wish, ticks=EVERY_HALF)))
    if not wish.there:
        found.append(("If the patient is here on the days away", replace(wish, there=True)))
    return found


def _fits(chart: Chart, scope: Scope) -> bool:
    return next(repairs(chart.ward, scoped(chart.ailing, scope)), None) is not None


def _address(form: ReplanForm, wish: ReplanWish) -> dict[str, object]:
    typed = dict(form.typed) if wish.first else {**form.typed, "from": ""}
    return ReplanForm(wish, {}, typed).values()
