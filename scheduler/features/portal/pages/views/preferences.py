"""How the clinic may write to the patient, and in which language."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.outbox.actions.consent import set_choices
from scheduler.features.patients.actions.language import set_language
from scheduler.features.portal.pages.browser import this_device
from scheduler.features.portal.pages.forms import Wishes, read_wishes
from scheduler.features.portal.pages.queries.wishes import wished
from scheduler.features.portal.pages.views.blueprint import blueprint, frame
from scheduler.features.portal.private import answered_by, patient
from scheduler.features.reminders.actions import settle_reachable
from scheduler.web import EVERYONE, access, attempt, reading


@blueprint.get("/my/messages")
@access(EVERYONE)
def preferences() -> ResponseReturnValue:
    """What holds."""
    return _page("saved" if request.args.get("saved") else "")


@blueprint.post("/my/messages")
@access(EVERYONE)
def save_preferences() -> ResponseReturnValue:
    """Write down what the patient wants from now on."""
    now, device, form = clock.now(), this_device(), read_wishes(request.form)
    answered_by(f"device {device.id}")
    actor, who = patient(), device.patient_id
    try:
        attempt(
            lambda session: (
                set_language(session, actor, now, who, form.language),
                set_choices(session, actor, now, who, form.allowed, "patient", seen=form.seen),
                settle_reachable(session, actor, now),
            )
        )
    except (ConflictError, RuleError) as error:
        return _page("changed", form), error.status
    return redirect(url_for("pages.preferences", saved=1), 303)


def _page(notice: str, form: Wishes | None = None) -> str:
    page = frame()
    with reading() as session:
        found = wished(session, page.patient_id)
    allowed = (
        [topic.value for topic in form.allowed] if form else [one.topic for one in found.lines if one.allowed]
    )
    return render_template(
        "portal/pages/messages.html", page=page, wished=found, allowed=allowed, notice=notice
    )
