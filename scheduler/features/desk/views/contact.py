"""How a patient may be reached: looked at, changed, and an address taken into use again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.desk.contact_form import read_channel, read_contact
from scheduler.features.desk.queries.contact import contact_of
from scheduler.features.desk.queries.patient import patient_page
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import note_read
from scheduler.features.outbox.actions.consent import set_choices
from scheduler.features.outbox.actions.lift import lift_stop
from scheduler.features.reminders.actions import settle_reachable
from scheduler.web import DESK, access, attempt, current_actor, reading

LONG_SINCE = "It takes messages already. Nothing had to be changed."


@blueprint.get("/patients/<int:patient_id>/contact")
@access(DESK)
def contact(patient_id: int) -> ResponseReturnValue:
    """What the patient allows, since when and who wrote it down."""
    note_read(clock.now(), "patient", patient_id, patient_id)
    return _page(patient_id)


@blueprint.post("/patients/<int:patient_id>/contact")
@access(DESK)
def save_contact(patient_id: int) -> ResponseReturnValue:
    """Write down what the patient said at the desk or on the phone."""
    now, actor = clock.now(), current_actor()
    _known(patient_id)
    try:
        form = read_contact(request.form)
        changed = attempt(
            lambda s: (
                set_choices(s, actor, now, patient_id, form.allowed, "desk", seen=form.seen, note=form.note),
                settle_reachable(s, actor, now),
            )[0]
        )
    except (ConflictError, RuleError) as error:
        return _page(patient_id, error.sentence), error.status
    flash("It is written down." if changed else "Nothing has changed: it was written down so before.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient_id), 303)


@blueprint.post("/patients/<int:patient_id>/contact/allow")
@access(DESK)
def allow_contact(patient_id: int) -> ResponseReturnValue:
    """Let messages go to the number or address on file again: somebody has made sure that it is right."""
    now, actor = clock.now(), current_actor()
    _known(patient_id)
    try:
        channel = read_channel(request.form)
        lifted = attempt(
            lambda s: (lift_stop(s, actor, now, patient_id, channel), settle_reachable(s, actor, now))[0]
        )
    except RuleError as error:
        return _page(patient_id, error.sentence), error.status
    flash("Messages go there again." if lifted else LONG_SINCE, "ok")
    return redirect(url_for("desk.contact", patient_id=patient_id), 303)


def _known(patient_id: int) -> None:
    with reading() as s:
        patient_page(s, patient_id, clock.now())


def _page(patient_id: int, trouble: str = "") -> str:
    with reading() as s:
        page = patient_page(s, patient_id, clock.now())
        found = contact_of(s, patient_id, page.tz)
    again = request.method == "POST" and "seen" in request.form
    allowed = request.form.getlist("allow") if again else [each.topic for each in found.lines if each.allowed]
    return render_template(
        "desk/contact.html",
        page=page,
        contact=found,
        allowed=allowed,
        note=request.form.get("note", ""),
        trouble=trouble,
    )
