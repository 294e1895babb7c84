"""The page of calendar addresses: made, shown this once, ended; and how to subscribe.

A clinician follows their own calendar, administrators hand out those of chairs and sites, and a patient's
is made on the patient's page.
"""

from flask import current_app, flash, redirect, render_template, url_for
from flask import request as asked
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.calendars.feeds.change import make_feed, revoke_feed
from scheduler.features.calendars.feeds.listing import own_calendar, shared_calendars
from scheduler.features.calendars.feeds.owners import Kind, Owner
from scheduler.features.calendars.views.blueprint import blueprint
from scheduler.features.patients.queries import patient
from scheduler.web import ADMINISTRATOR, CLINICIAN, DESK, STAFF, access, current_actor, reading, writing

ENDED = "The address is ended. Programs that read it find nothing any more."


@blueprint.get("/calendars")
@access(STAFF)
def index() -> ResponseReturnValue:
    """The calendars that the person may follow or hand out, and how to subscribe."""
    return _page()


@blueprint.post("/calendars/own")
@access(CLINICIAN)
def own() -> ResponseReturnValue:
    """Make, rotate or end the address of one's own calendar."""
    made = _change(Owner("user", current_user.user_id))
    return _page(made, "your calendar") if made else redirect(url_for("calendars.index"), 303)


@blueprint.post("/calendars/<any(chair,site):kind>/<int:owner_id>")
@access(ADMINISTRATOR)
def shared(kind: Kind, owner_id: int) -> ResponseReturnValue:
    """Make, rotate or end the address of a chair's or a site's calendar."""
    made = _change(Owner(kind, owner_id))
    return _page(made, f"this {kind}") if made else redirect(url_for("calendars.index"), 303)


@blueprint.post("/patients/<int:patient_id>/calendar")
@access(DESK)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """Make, rotate or end the address of a patient's calendar; what is made is shown to be sent."""
    made = _change(Owner("patient", patient_id))
    if made is None:
        return redirect(url_for("desk.patient", patient_id=patient_id), 303)
    with reading() as session:
        person = patient(session, patient_id)
    return render_template("calendars/patient.html", made=made, person=person)


def _change(owner: Owner) -> str | None:
    """Do what the button says; the address where one was made."""
    now = clock.now()
    if asked.form.get("do") == "end":
        with writing() as session:
            revoke_feed(session, current_actor(), now, owner)
        flash(ENDED, "ok")
        return None
    with writing() as session:
        raw = make_feed(session, current_actor(), now, owner)
    base: str = current_app.extensions["sixfold"].base_url
    return base + url_for("calendars.feed", token=raw)


def _page(made: str | None = None, whose: str = "") -> ResponseReturnValue:
    now = clock.now()
    with reading() as session:
        mine = own_calendar(session, current_user.user_id, current_user.site_id, now)
        others = shared_calendars(session, now) if current_user.roles & ADMINISTRATOR else []
    return render_template(
        "calendars/index.html",
        made=made,
        whose=whose,
        mine=mine if current_user.roles & CLINICIAN else None,
        shared=others,
        may_publish=bool(current_user.roles & ADMINISTRATOR),
    )
