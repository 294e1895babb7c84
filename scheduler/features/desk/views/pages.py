"""The pages of the desk. They read; the only rows they add say who looked at whom."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.accounts.devices.queries import devices_of
from scheduler.features.calendars.feeds.listing import patient_calendar
from scheduler.features.desk.messages import messages_of
from scheduler.features.desk.queries.contact import contact_of
from scheduler.features.desk.queries.course import course_page
from scheduler.features.desk.queries.history import history_of
from scheduler.features.desk.queries.patient import patient_page
from scheduler.features.desk.queries.visit import visit_page
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import charting, note_read
from scheduler.features.infusion_logs.queries.facts import log_facts
from scheduler.features.intake.consents.card import card_of, course_card
from scheduler.features.outbox.queries import for_course, for_patient
from scheduler.features.patients.screened import screened
from scheduler.features.ratings.queries import panel_of
from scheduler.features.reminders.queries import planned_for_patient, planned_reminders
from scheduler.features.review.progress import progress_of
from scheduler.web import DESK, access, reading


@blueprint.get("/patients/<int:patient_id>")
@access(DESK)
def patient(patient_id: int) -> ResponseReturnValue:
    """One patient: how to reach them, when they can come, their courses."""
    now = clock.now()
    with reading() as s:
        page = patient_page(s, patient_id, now)
        if page.merged_into_id is not None:
            flash(f"{page.name}, {page.record_number}, was merged into this record.", "ok")
            return redirect(url_for("desk.patient", patient_id=page.merged_into_id), 303)
        deeds = history_of(s, patient_id, page.tz)
        contact = contact_of(s, patient_id, page.tz)
        messages = messages_of(for_patient(s, patient_id), planned_for_patient(s, patient_id, now))
        calendar = patient_calendar(s, patient_id, page.tz, now)
        own_pages = devices_of(s, patient_id, now)
        consents = card_of(s, patient_id)
        screening = screened(s, [patient_id], now)[patient_id]
    note_read(now, "patient", patient_id, patient_id)
    return render_template(
        "desk/patient.html",
        page=page,
        deeds=deeds,
        messages=messages,
        calendar=calendar,
        contact=contact,
        own_pages=own_pages,
        screening=screening,
        zone=ZoneInfo(page.tz),
        **consents,
    )


@blueprint.get("/courses/<int:course_id>")
@access(DESK)
def course(course_id: int) -> ResponseReturnValue:
    """One course: its visits in a line and, for those who chart, its trajectory."""
    now = clock.now()
    progress, logs = None, None
    with reading() as s:
        page = course_page(s, course_id, now)
        messages = messages_of(for_course(s, course_id), planned_reminders(s, course_id, now))
        consents = course_card(s, course_id)
        if charting():
            progress = progress_of(s, course_id, now)
            logs = log_facts(s, course_id, page.today)
    note_read(now, "course", course_id, page.patient_id)
    line = [replace(stop, href=url_for("desk.visit", infusion_id=stop.infusion_id)) for stop in page.line]
    facts = {"line": line, "progress": progress, "logs": logs, "messages": messages, **consents}
    return render_template("desk/course.html", page=page, **facts)


@blueprint.get("/infusions/<int:infusion_id>")
@access(DESK)
def visit(infusion_id: int) -> ResponseReturnValue:
    """One visit: when and where, and the ratings for those who chart."""
    now = clock.now()
    with reading() as s:
        page = visit_page(s, infusion_id, now)
        panel = panel_of(s, infusion_id, now) if charting() else None
        lines = [one for one in for_course(s, page.course_id) if one.infusion_id in (None, infusion_id)]
        planned = [one for one in planned_reminders(s, page.course_id, now) if one.infusion_id == infusion_id]
        consents = course_card(s, page.course_id)
    note_read(now, "infusion", infusion_id, page.patient_id)
    messages = messages_of(lines, planned)
    return render_template(
        "desk/visit.html", page=page, panel=panel, form=None, errors={}, messages=messages, **consents
    )
