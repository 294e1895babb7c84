"""What the clinic asks of a screening."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.intake.screening.actions.settings import save_rules as save
from scheduler.features.intake.screening.forms import LIMITS, read_rules, whole
from scheduler.features.intake.screening.views.blueprint import blueprint
from scheduler.features.patients.screened import screening_rules
from scheduler.web import ADMINISTRATOR, access, attempt, current_actor, reading


@blueprint.get("/settings/screening")
@access(ADMINISTRATOR)
def rules() -> ResponseReturnValue:
    """The two numbers."""
    return _page({})


@blueprint.post("/settings/screening")
@access(ADMINISTRATOR)
def save_rules() -> ResponseReturnValue:
    """Change them."""
    seen, now, actor = whole(request.form.get("seen", "")) or 0, clock.now(), current_actor()
    try:
        trials, days = read_rules(request.form)
        attempt(lambda s: save(s, actor, now, trials, days, seen))
    except (RuleError, ConflictError) as error:
        return _page({str(error.extra.get("field", "")): error.sentence}), error.status
    flash("Saved. It holds for screenings that are signed from now on.", "ok")
    return redirect(url_for("screening.rules"), 303)


def _page(errors: dict[str, str]) -> str:
    with reading() as s:
        row = screening_rules(s)
        values = {"trials_needed": str(row.trials_needed), "valid_days": str(row.valid_days)}
        seen = row.version
    typed = {name: request.form.get(name, value) for name, value in values.items()}
    return render_template(
        "intake/screening/settings.html", values=typed, seen=seen, errors=errors, limits=LIMITS
    )
