"""Kiosk mode: a tablet of the clinic in a patient's hands shows the questions of a visit and nothing else.

Another one shows what is to be signed (`portal/documents`), and nothing else either. As long as a browser
holds the secret of a tablet, every other address answers with what it shows, whatever the method. Only the
sign-in page opens, with its second step, and the page that asks for the PIN of whoever handed it over;
either takes the secret out of the browser.
"""

from flask import Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.accounts.actions.sessions import end_session
from scheduler.features.accounts.login import leave
from scheduler.features.accounts.tablets import PLACE, OutTablet, out_now
from scheduler.features.ratings.actions.answer import answer_tablet
from scheduler.features.ratings.actions.kiosk import start_kiosk
from scheduler.features.ratings.queries.kiosk import Tablet, tablet
from scheduler.features.ratings.queries.links import Stage
from scheduler.features.ratings.sheet import read_sheet
from scheduler.features.ratings.slots import slot_name
from scheduler.features.ratings.views.blueprint import blueprint
from scheduler.features.ratings.views.questions import blueprint as patients
from scheduler.features.ratings.views.questions import said, sheet_page, thanks
from scheduler.web import DESK, EVERYONE, access, attempt, current_actor, reading, writing

OPEN = frozenset(
    {
        "questions.kiosk",
        "questions.kiosk_answer",
        "questions.kiosk_tasks",
        "questions.kiosk_begin",
        "questions.kiosk_end",
        "questions.kiosk_leave",
        "questions.kiosk_back",
        "questions.kiosk_take_back",
        "documents_tablet.index",
        "documents_tablet.text",
        "documents_tablet.sign",
        "static",
        "accounts.sign_in",
        "accounts.try_sign_in",
        "accounts.second_step",
        "accounts.try_second_step",
    }
)


def init_kiosk(app: Flask) -> None:
    """Keep a browser that is a tablet in its kiosk."""
    app.before_request(_keep_in)


def _keep_in() -> ResponseReturnValue | None:
    raw = session.get(PLACE)
    if raw is None or request.endpoint in OPEN:
        return None
    with reading() as s:
        found = out_now(s, raw, clock.now())
    if found is None:
        session.pop(PLACE)
        return None
    shows = "questions.kiosk" if found.infusion_id is not None else "documents_tablet.index"
    return redirect(url_for(shows), 303)


@blueprint.post("/infusions/<int:infusion_id>/kiosk")
@access(DESK)
def start(infusion_id: int) -> ResponseReturnValue:
    """Hand the tablet over: the log-in on it ends, and the kiosk begins."""
    now = clock.now()
    with writing() as s:
        raw = start_kiosk(s, current_actor(), now, infusion_id)
        end_session(s, current_actor(), now, current_user.token)
    leave()
    session[PLACE] = raw
    return redirect(url_for("questions.kiosk"), 303)


@patients.get("/kiosk")
@access(EVERYONE)
def kiosk() -> ResponseReturnValue:
    """The questions that are to be answered now, or that there are none."""
    found = this_tablet()
    if found is None:
        return said(404)
    return _shown(found)


@patients.post("/kiosk")
@access(EVERYONE)
def kiosk_answer() -> ResponseReturnValue:
    """Take the answers of one occasion, and show what comes next."""
    now, found = clock.now(), this_tablet()
    if found is None:
        return said(404)
    questions = found.questions
    if questions.stage is Stage.CLOSED or request.form.get("slot") != slot_name(questions.slot):
        return _shown(found)  # Sent twice: the first one was taken.
    form = read_sheet(request.form, questions.asked)
    if form.trouble:
        return sheet_page(questions, url_for("questions.kiosk"), "", form, slot_name(questions.slot)), 422
    actor = Actor(None, "patient, on the tablet", request.remote_addr or "")
    try:
        crisis = attempt(lambda s: answer_tablet(s, actor, now, questions, form.answers, found.kiosk_id))
    except (ConflictError, RuleError, NotFoundError):
        return _shown(found)
    if crisis:
        return _over(found, crisis)
    return redirect(url_for("questions.kiosk"), 303)


def this_tablet() -> Tablet | None:
    """The tablet that this browser is; None for one that is none, or is out no more."""
    with reading() as s:
        return tablet(s, session.get(PLACE, ""), clock.now())


def out_here() -> OutTablet | None:
    """The same whatever the tablet shows, questions or documents."""
    with reading() as s:
        return out_now(s, session.get(PLACE, ""), clock.now())


def _shown(found: Tablet) -> ResponseReturnValue:
    if found.has_tasks:
        return redirect(url_for("questions.kiosk_tasks"), 303)
    if found.questions.stage is Stage.CLOSED:
        return _over(found, crisis=False)
    questions = found.questions
    return sheet_page(questions, url_for("questions.kiosk"), "", None, slot_name(questions.slot))


def _over(found: Tablet, crisis: bool) -> str:
    back = url_for("questions.kiosk_back")
    title = "thanks" if found.has_answers or crisis else "nothing_due"
    return thanks(found.questions, crisis, title, "thanks_tablet", back)
