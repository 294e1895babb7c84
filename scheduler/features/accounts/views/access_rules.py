"""The clinic's rules of access: when an unused log-in locks, how long an emergency opens a chart, who needs a
second factor.
"""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.accounts.actions.access_rules import save_times, times
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.web import ADMINISTRATOR, access, attempt, current_actor, reading


@blueprint.get("/settings/access")
@access(ADMINISTRATOR)
def access_rules() -> ResponseReturnValue:
    """The times that hold."""
    return _page()


@blueprint.post("/settings/access")
@access(ADMINISTRATOR)
def save_access_rules() -> ResponseReturnValue:
    """Save them; an error keeps what was typed."""
    now, actor = clock.now(), current_actor()
    lock, emergency = _whole("lock_minutes"), _whole("emergency_minutes")
    for_all = request.form.get("factor_for_all") == "1"
    idle = current_app.extensions["sixfold"].idle_minutes
    try:
        attempt(
            lambda s: save_times(
                s, actor, now, lock, emergency, _whole("seen") or 0, idle, factor_for_all=for_all
            )
        )
    except (RuleError, ConflictError) as error:
        return _page({str(error.extra.get("field", "")): error.sentence}), error.status
    flash("The rules are saved. They hold at once, for everybody.", "ok")
    return redirect(url_for("accounts.access_rules"), 303)


def _whole(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def _page(errors: dict[str, str] | None = None) -> str:
    with reading() as session:
        now = times(session)
    return render_template(
        "accounts/access.html", times=now, errors=errors or {}, typed=request.form if errors else {}
    )
