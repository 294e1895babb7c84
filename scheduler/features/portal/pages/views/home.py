"""Where everything begins: when and where, and what waits for the patient."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.intake.consents.papers import papers_of
from scheduler.features.outbox.question_links import make_question_link
from scheduler.features.portal.pages.browser import this_device
from scheduler.features.portal.pages.queries.appointments import ahead, before
from scheduler.features.portal.pages.views.blueprint import blueprint, frame
from scheduler.features.portal.private import answered_by, patient
from scheduler.features.ratings.queries.waiting import asked_now
from scheduler.features.ratings.slots import slot_name
from scheduler.web import EVERYONE, access, reading, writing


@blueprint.get("/my")
@access(EVERYONE)
def home() -> ResponseReturnValue:
    """My appointments, and what waits."""
    now, device = clock.now(), this_device()
    with reading() as session:
        facts = {
            "ahead": ahead(session, device.patient_id, now),
            "before": before(session, device.patient_id, now),
            "to_sign": len(papers_of(session, device.patient_id, now).to_sign),
            "asked": [
                (f"{one.course_id}.{slot_name(one.slot)}", one)
                for one in asked_now(session, now, device.patient_id)
            ],
        }
    return render_template("portal/pages/home.html", page=frame(), device=device, **facts)


@blueprint.post("/my/questions")
@access(EVERYONE)
def questions() -> ResponseReturnValue:
    """Open the questions of one occasion: behind a link of its own, as if it had come by message."""
    now, device, wanted = clock.now(), this_device(), request.form.get("asked", "")
    answered_by(f"device {device.id}")
    with reading() as session:
        asked = asked_now(session, now, device.patient_id)
    found = next((one for one in asked if f"{one.course_id}.{slot_name(one.slot)}" == wanted), None)
    if found is None:
        return redirect(url_for("pages.home"), 303)
    slot = (found.slot.point, found.slot.infusion_id, found.slot.week)
    with writing() as session:
        raw = make_question_link(session, now, found.course_id, slot, found.closes_at)
        record(
            session, patient(), now, "questions.opened", "course", found.course_id, device.patient_id,
            slot=slot_name(found.slot),
        )  # fmt: skip
    return redirect(url_for("questions.sheet", token=raw), 303)
