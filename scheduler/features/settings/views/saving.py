"""The way of every settings form: read, try, show what it breaks, save.

The first answer to a change that breaks visits is the form again with the list of them; its button then
carries the fingerprint of that list, so that nobody agrees to more than they saw.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import BusyError, ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.settings.actions.apply import Change, EffectsError, apply_change
from scheduler.features.settings.effects import Effect
from scheduler.web import DESK, current_actor, writing
from scheduler.web.filters import count


@dataclass(frozen=True)
class FormPage:
    """One form: where it leads back to, what was typed, and what stood in the way."""

    template: str
    title: str
    back: str
    typed: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    lead: str = ""
    save: str = "Save"
    trouble: str = ""
    effects: tuple[Effect, ...] = ()
    agreed: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def show(self) -> str:
        """The page."""
        knows_names = bool(DESK & current_user.roles)
        return render_template(self.template, page=self, knows_names=knows_names, **self.more)


def wrong(page: FormPage, errors: Mapping[str, str]) -> ResponseReturnValue:
    """The form again with what needs changing."""
    return replace(page, errors=errors).show(), 422


def saved(page: FormPage, change: Change, said: str) -> ResponseReturnValue:
    """Save and go back, or the page again with what the change breaks or why it can't be."""
    now = clock.now()
    try:
        with writing() as session:
            tasks = apply_change(session, current_actor(), now, change, request.form.get("agreed", ""))
    except EffectsError as error:
        with writing() as session:
            record(session, current_actor(), now, "capacity.effects", "task", visits=len(error.effects))
        return replace(page, effects=error.effects, agreed=error.agreed).show(), error.status
    except (RuleError, ConflictError, BusyError) as error:
        return replace(page, trouble=error.sentence).show(), error.status
    flash(f"{said} {count(tasks, 'task')} made of the visits that no longer hold." if tasks else said, "ok")
    return redirect(page.back, 303)
