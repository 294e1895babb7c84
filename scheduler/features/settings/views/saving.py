"""The way of every settings form: read, try, show what it breaks or what somebody else saved, save.

The first answer to a change that breaks visits is the form again with the list of them; its button then
carries the fingerprint of that list, so that nobody agrees to more than they saw. The answer to a change of
what somebody else has changed meanwhile is the form with both values of each field.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import BusyError, ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consultations.judging import Judged
from scheduler.features.settings.actions.apply import Broken, Change, EffectsError, apply_change
from scheduler.features.settings.effects import Effect
from scheduler.features.settings.queries import local_time
from scheduler.web import DESK, current_actor, reading, writing
from scheduler.web.filters import count


@dataclass(frozen=True)
class Clash:
    """Who saved first, when (local), and by field the label, their value and the one typed."""

    by: str
    at: datetime
    differences: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class FormPage:
    """One form: where it leads back to, what was typed, and what stood in the way.

    `fresh` gives the form's values as they are saved now, for a form that two people may have open; then
    `labels` names its fields, and `words` says what the values of its choices mean.
    """

    template: str
    title: str
    back: str
    typed: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    lead: str = ""
    save: str = "Save"
    trouble: str = ""
    effects: tuple[Effect, ...] = ()
    talks: tuple[Judged, ...] = ()
    agreed: str = ""
    clash: Clash | None = None
    fresh: Callable[[], Mapping[str, Any]] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def show(self) -> str:
        """The page."""
        knows_names = bool(DESK & current_user.roles)
        return render_template(self.template, page=self, knows_names=knows_names, **self.more)

    def said(self, name: str, value: Any) -> str:
        """A value of the form in words."""
        known = self.words.get(name, {})
        values = value if isinstance(value, list) else [value]
        return ", ".join(known.get(str(each), str(each)) for each in values) or "nothing"


def typed_in(names: Iterable[str], fresh: Callable[[], Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """What the form sends; who keeps the values of somebody faster gets those for the fields that differ."""
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in names}
    if fresh is not None and request.form.get("do") == "keep-theirs":
        theirs = fresh()
        typed.update(
            (name, theirs[name])
            for name in request.form.getlist("differs")
            if name in typed and name in theirs
        )
    return typed


def wrong(page: FormPage, errors: Mapping[str, str]) -> ResponseReturnValue:
    """The form again with what needs changing."""
    return replace(page, errors=errors).show(), 422


def saved(page: FormPage, change: Change, said: str) -> ResponseReturnValue:
    """Save and go back, or the page again with what the change breaks or why it can't be."""
    now = clock.now()
    try:
        with writing() as session:
            broken = apply_change(session, current_actor(), now, change, request.form.get("agreed", ""))
    except EffectsError as error:
        with writing() as session:
            lost = {"visits": len(error.visits), "talks": len(error.talks)}
            record(session, current_actor(), now, "capacity.effects", "task", **lost)
        return replace(
            page, effects=error.visits, talks=error.talks, agreed=error.agreed
        ).show(), error.status
    except (RuleError, ConflictError, BusyError) as error:
        return _hindered(page, error), error.status
    flash(f"{said}{_passed_on(broken)}", "ok")
    return redirect(page.back, 303)


def _passed_on(broken: Broken) -> str:
    """Where what no longer holds is found now."""
    visits, talks = broken
    tasks = f" {count(visits, 'task')} made of the visits that no longer hold." if visits else ""
    moves = f" {count(talks, 'consultation')} to move under Requests." if talks else ""
    return tasks + moves


def kept(page: FormPage, change: Change, said: str) -> ResponseReturnValue:
    """Save what can break no visit and go back, or the page again with why it can't be saved."""
    try:
        with writing() as session:
            change(session, current_actor(), clock.now())
    except (RuleError, ConflictError) as error:
        return _hindered(page, error), error.status
    flash(said, "ok")
    return redirect(page.back, 303)


def _hindered(page: FormPage, error: RuleError | ConflictError | BusyError) -> str:
    """The form again: at the field it is about, with both values, or with the sentence above it."""
    stale, at = error.extra.get("stale"), error.extra.get("field")
    if stale is not None and page.fresh is not None:
        theirs = page.fresh()
        differences = tuple(
            (
                name,
                page.labels[name],
                page.said(name, theirs[name]),
                page.said(name, page.typed.get(name, "")),
            )
            for name in page.labels
            if name in stale.fields
        )
        with reading() as session:
            clash = Clash(stale.by, local_time(session, stale.at), differences)
        return replace(page, clash=clash, typed={**page.typed, "version": str(stale.version)}).show()
    if isinstance(at, str) and at in page.typed:
        return replace(page, errors={at: error.sentence}).show()
    return replace(page, trouble=error.sentence).show()
