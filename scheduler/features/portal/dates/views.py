"""All dates of a course: the page, the calendar file, and the address that a calendar can follow."""

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.calendars.feeds.change import make_feed
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.features.portal.actions import TOUCH_EVERY, note_look
from scheduler.features.portal.dates.queries import Dates, dates_of, file_of
from scheduler.features.portal.private import (
    answered_by,
    calendar_answer,
    opened_by,
    patient,
    private_blueprint,
)
from scheduler.web import EVERYONE, access, writing

blueprint = private_blueprint("dates")


@blueprint.get("/c/<token>")
@access(EVERYONE)
def page(token: str) -> ResponseReturnValue:
    """The appointments as they stand now."""
    found, now = _open(token), clock.now()
    link = found.link
    if link.touched_at is None or now - link.touched_at >= TOUCH_EVERY:
        with writing() as session:
            note_look(session, patient(), now, link.id, "course", link.course_id, link.patient_id)
    return render_template("portal/dates.html", token=token, page=found)


@blueprint.get("/c/<token>/appointments.ics")
@access(EVERYONE)
def calendar(token: str) -> ResponseReturnValue:
    """All of them for a calendar, as a file."""
    facts = opened_by(lambda session: file_of(session, token, clock.now()))
    return calendar_answer(facts.events, facts.name, facts.locale, facts.language)


@blueprint.post("/c/<token>/calendar")
@access(EVERYONE)
def follow(token: str) -> ResponseReturnValue:
    """Make the patient's calendar an address and show it this once; the one it had ends."""
    found = _open(token)
    answered_by(found.link.id)
    with writing() as session:
        raw = make_feed(session, patient(), clock.now(), Owner("patient", found.link.patient_id))
    base: str = current_app.extensions["sixfold"].base_url
    made = base + url_for("calendars.feed", token=raw)
    return render_template("portal/address.html", token=token, page=found, made=made)


def _open(token: str) -> Dates:
    return opened_by(lambda session: dates_of(session, token, clock.now()))
