"""A patient's documents behind their own door: the link of a message, the list, a copy, a withdrawal."""

from functools import partial

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.intake.consents.copying import consent_pdf, file_name
from scheduler.features.intake.consents.papers import signed_paper
from scheduler.features.intake.consents.prose import blocks
from scheduler.features.intake.consents.signing import withdraw
from scheduler.features.outbox.links import papers_holder
from scheduler.features.portal.documents.views.shared import Way, list_page, take, text_page
from scheduler.features.portal.documents.words import Saying
from scheduler.features.portal.pages.browser import ClosedError, closed_page, note_use, this_device
from scheduler.features.portal.pages.queries.frame import frame_of
from scheduler.features.portal.pages.views.door import Door, come_in, look_in
from scheduler.features.portal.private import patient, private_blueprint
from scheduler.web import EVERYONE, access, attempt, reading
from scheduler.web.inputs import any_text

door = private_blueprint("documents_door", {404: "pages_dead"})
blueprint = private_blueprint("documents", {404: "pages_dead"})


@blueprint.before_request
def _only_the_patient() -> None:
    note_use(this_device())


@blueprint.errorhandler(ClosedError)
def _closed(_error: ClosedError) -> Response:
    return closed_page(401, "pages_closed")


@door.get("/d/<token>")
@access(EVERYONE)
def look(token: str) -> ResponseReturnValue:
    """Ask for the birth date; whoever is known in this browser comes straight in."""
    return look_in(_door(token))


@door.post("/d/<token>")
@access(EVERYONE)
def enter(token: str) -> ResponseReturnValue:
    """Take the birth date."""
    return come_in(_door(token))


@blueprint.get("/my/documents")
@access(EVERYONE)
def index() -> ResponseReturnValue:
    """What is to be signed, and what was."""
    return list_page(_way())


@blueprint.get("/my/documents/<int:version_id>")
@access(EVERYONE)
def text(version_id: int) -> ResponseReturnValue:
    """A text, and the line to sign on."""
    return text_page(_way(), version_id)


@blueprint.post("/my/documents/<int:version_id>")
@access(EVERYONE)
@any_text
def sign(version_id: int) -> ResponseReturnValue:
    """Take a signature."""
    return take(_way(), version_id)


@blueprint.get("/my/documents/signed/<int:signature_id>")
@access(EVERYONE)
def signed(signature_id: int) -> ResponseReturnValue:
    """What was signed, word for word."""
    return _paper("portal/documents/signed.html", signature_id)


@blueprint.get("/my/documents/signed/<int:signature_id>.pdf")
@access(EVERYONE)
def copy(signature_id: int) -> ResponseReturnValue:
    """The same to keep."""
    with reading() as session:
        paper, record = signed_paper(session, this_device().patient_id, signature_id)
        frame = frame_of(session, this_device().patient_id)
    answer = Response(consent_pdf(paper, record, frame.tz), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(paper)}"'
    return answer


@blueprint.get("/my/documents/signed/<int:signature_id>/withdraw")
@access(EVERYONE)
def ask_withdrawal(signature_id: int) -> ResponseReturnValue:
    """What withdrawing does, and the button."""
    return _paper("portal/documents/withdraw.html", signature_id)


@blueprint.post("/my/documents/signed/<int:signature_id>/withdraw")
@access(EVERYONE)
@any_text
def take_withdrawal(signature_id: int) -> ResponseReturnValue:
    """Withdraw a consent; once more changes nothing."""
    reason = "".join(sign for sign in request.form.get("reason", "") if sign.isprintable())
    whose, actor = this_device().patient_id, patient()
    attempt(partial(withdraw, actor=actor, at=clock.now(), patient_id=whose, signature_id=signature_id,
                    by="patient", reason=reason))  # fmt: skip
    return redirect(url_for("documents.index"), 303)


def _paper(template: str, signature_id: int) -> str:
    whose = this_device().patient_id
    with reading() as session:
        paper, record = signed_paper(session, whose, signature_id)
        w = Saying(frame_of(session, whose), url_for("documents.index"))
    return render_template(template, w=w, paper=paper, record=record, blocks=blocks(record["text"]))


def _way() -> Way:
    return Way(
        "link",
        this_device().patient_id,
        patient(),
        url_for("documents.index"),
        lambda version_id: url_for("documents.text", version_id=version_id),
    )


def _door(token: str) -> Door:
    return Door(
        token, papers_holder, url_for("documents_door.enter", token=token), url_for("documents.index")
    )
