"""Deciding and signing: everything that will be signed on one page, and the decision under it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.intake.screening.actions.sign import OUTCOMES
from scheduler.features.intake.screening.actions.sign import sign as sign_screening
from scheduler.features.intake.screening.forms import read_decision
from scheduler.features.intake.screening.problems import Problem
from scheduler.features.intake.screening.queries.page import page_of
from scheduler.features.intake.screening.views.blueprint import blueprint
from scheduler.features.intake.screening.views.shared import Back, note
from scheduler.web import CLINICIAN, access, attempt, current_actor, reading
from scheduler.web.inputs import any_text


@blueprint.get("/screenings/<int:screening_id>/sign")
@access(CLINICIAN)
def decide(screening_id: int) -> ResponseReturnValue:
    """All that will be signed, and the decision."""
    return _page(screening_id)


@blueprint.post("/screenings/<int:screening_id>/sign")
@access(CLINICIAN)
@any_text
def sign(screening_id: int) -> ResponseReturnValue:
    """Sign it. What is refused comes back with the decision and the reason as they were typed."""
    decision, now, actor = read_decision(request.form), clock.now(), current_actor()
    try:
        attempt(lambda s: sign_screening(s, actor, now, screening_id, decision))
    except (RuleError, ConflictError) as error:
        problem = Problem(str(error.extra.get("field", "")), error.sentence, "")
        typed = {"outcome": decision.outcome, "reason": decision.reason}
        back = Back("sign", typed, [problem], error.extra.get("twins", ()))
        return _page(screening_id, back, error.status)
    flash("The screening is signed.", "ok")
    return redirect(url_for("screening.show", screening_id=screening_id), 303)


def _page(screening_id: int, back: Back | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as s:
        page = page_of(s, screening_id, clock.now())
        facts, digest = page.draft.facts, page.draft.digest
    note(page)
    if page.draft.row.signed_at is not None and back is None:
        return redirect(url_for("screening.show", screening_id=screening_id), 303)
    shown = {"page": page, "facts": facts, "seen": digest, "back": back, "outcomes": OUTCOMES}
    return render_template("intake/screening/sign.html", **shown), status
