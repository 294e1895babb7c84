"""A patient's consents at the desk: what is signed, the link, the tablet, a withdrawal by phone.

The desk sees names, dates and states. The words that were signed are part of the chart: those who chart may
read them and take a copy.
"""

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.accounts.actions.sessions import end_session
from scheduler.features.accounts.login import leave
from scheduler.features.accounts.tablets import PLACE, hand_over
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.consents.copying import consent_pdf, file_name
from scheduler.features.intake.consents.page import Page, page_of
from scheduler.features.intake.consents.papers import Signed, signed_paper
from scheduler.features.intake.consents.prose import blocks
from scheduler.features.intake.consents.sending import send_papers
from scheduler.features.intake.consents.signing import withdraw
from scheduler.web import CHARTING, DESK, access, current_actor, reading, writing

blueprint = Blueprint("consents", __name__)


@blueprint.get("/patients/<int:patient_id>/consents")
@access(DESK)
def show(patient_id: int) -> ResponseReturnValue:
    """What is signed, what is missing, and every signature there was."""
    page = _page(patient_id)
    with writing() as s:
        record_read(s, current_actor(), clock.now(), "consents", patient_id, patient_id)
    return render_template("consents/patient.html", page=page, charting=bool(CHARTING & current_user.roles))


@blueprint.post("/patients/<int:patient_id>/consents/send")
@access(DESK)
def send(patient_id: int) -> ResponseReturnValue:
    """Send the link by the way that is open."""
    with writing() as s:
        message = send_papers(s, current_actor(), clock.now(), patient_id)
        way = "by mail" if message.channel.value == "email" else "by text"
    flash(f"The link goes out {way}. To open it, the patient gives their birth date.", "ok")
    return _back(patient_id)


@blueprint.post("/patients/<int:patient_id>/consents/tablet")
@access(DESK)
def give_tablet(patient_id: int) -> ResponseReturnValue:
    """Hand the tablet over: the log-in on it ends, and it shows what is to be signed and nothing else."""
    if not _page(patient_id).lacks:
        raise RuleError("There is nothing for the patient to sign now.")
    now = clock.now()
    with writing() as s:
        raw = hand_over(s, current_actor(), now, patient_id=patient_id)
        end_session(s, current_actor(), now, current_user.token)
    leave()
    session[PLACE] = raw
    return redirect(url_for("documents_tablet.index"), 303)


@blueprint.get("/patients/<int:patient_id>/consents/<int:signature_id>")
@access(CHARTING)
def signed(patient_id: int, signature_id: int) -> ResponseReturnValue:
    """What was signed, word for word."""
    with writing() as s:
        paper, record = signed_paper(s, patient_id, signature_id)
        record_read(s, current_actor(), clock.now(), "consent_signature", signature_id, patient_id)
    return render_template(
        "consents/signed.html",
        paper=paper,
        record=record,
        blocks=blocks(record["text"]),
        patient_id=patient_id,
    )


@blueprint.get("/patients/<int:patient_id>/consents/<int:signature_id>.pdf")
@access(CHARTING)
def copy(patient_id: int, signature_id: int) -> ResponseReturnValue:
    """The same as a file."""
    page = _page(patient_id)
    with writing() as s:
        paper, record = signed_paper(s, patient_id, signature_id)
        record_read(s, current_actor(), clock.now(), "consent_signature", signature_id, patient_id)
    answer = Response(consent_pdf(paper, record, page.tz), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(paper)}"'
    return answer


@blueprint.get("/patients/<int:patient_id>/consents/<int:signature_id>/withdraw")
@access(DESK)
def ask_withdrawal(patient_id: int, signature_id: int) -> ResponseReturnValue:
    """Why, and what it does."""
    page = _withdrawal(patient_id, signature_id)
    with writing() as s:
        record_read(s, current_actor(), clock.now(), "consents", patient_id, patient_id)
    return page


@blueprint.post("/patients/<int:patient_id>/consents/<int:signature_id>/withdraw")
@access(DESK)
def take_withdrawal(patient_id: int, signature_id: int) -> ResponseReturnValue:
    """Withdraw a consent in the patient's name; once more changes nothing."""
    reason = request.form.get("reason", "")
    try:
        with writing() as s:
            withdraw(s, current_actor(), clock.now(), patient_id, signature_id, "desk", reason)
    except RuleError as error:
        return _withdrawal(patient_id, signature_id, reason, error.sentence), error.status
    flash("Withdrawn. It is missing again wherever it is needed.", "ok")
    return _back(patient_id)


def _withdrawal(patient_id: int, signature_id: int, reason: str = "", error: str = "") -> str:
    page, paper = _page(patient_id), _paper(patient_id, signature_id)
    return render_template("consents/withdraw.html", page=page, paper=paper, reason=reason, error=error)


def _page(patient_id: int) -> Page:
    with reading() as s:
        return page_of(s, patient_id, clock.now())


def _paper(patient_id: int, signature_id: int) -> Signed:
    with reading() as s:
        return signed_paper(s, patient_id, signature_id)[0]


def _back(patient_id: int) -> ResponseReturnValue:
    return redirect(url_for("consents.show", patient_id=patient_id), 303)
