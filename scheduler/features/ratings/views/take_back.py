"""The way out of a tablet that a patient holds: the PIN of whoever handed it over, or a password."""

from datetime import timedelta

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.features.accounts.login import begin
from scheduler.features.accounts.passwords import LONGEST, Hasher
from scheduler.features.accounts.queries import live_session
from scheduler.features.accounts.tablets import OutTablet
from scheduler.features.ratings.actions.take_back import count_try, keeper_of, pin_is_over, take_back
from scheduler.features.ratings.views.kiosk import out_here
from scheduler.features.ratings.views.questions import blueprint as patients
from scheduler.features.ratings.views.questions import said
from scheduler.web import EVERYONE, access, attempt, reading, writing

WRONG = "That is not the PIN. After a few wrong tries only a password takes the tablet back."


@patients.get("/kiosk/back")
@access(EVERYONE)
def kiosk_back() -> ResponseReturnValue:
    """Ask for the PIN; say so where it is over; where there never was one, ask for the password."""
    found = out_here()
    return _page(found) if found else said(404)


@patients.post("/kiosk/back")
@access(EVERYONE)
def kiosk_take_back() -> ResponseReturnValue:
    """Look at the PIN, and go on to the visit or the patient with a log-in."""
    found = out_here()
    if found is None:
        return said(404)
    config: Config = current_app.extensions["sixfold"]
    hasher: Hasher = current_app.extensions["hasher"]
    now, agent = clock.now(), request.user_agent.string
    keeper = attempt(lambda s: count_try(s, found.kiosk_id))
    if keeper is None:
        return _refused(found)
    checked = hasher.check(keeper.pin_hash, request.form.get("pin", "")[:LONGEST])
    actor = Actor(keeper.user_id, keeper.name, request.remote_addr or "")
    with writing() as s:
        token = take_back(s, actor, now, found.kiosk_id, checked, agent, config)
        s.flush()
        person = live_session(s, token, now, timedelta(minutes=config.idle_minutes)) if token else None
    if token is None or person is None:
        return _refused(found, WRONG)
    begin(person, token)
    return redirect(_home(found), 303)


def _refused(found: OutTablet, sentence: str = "") -> ResponseReturnValue:
    page = _page(found, sentence)
    return (page, 422) if isinstance(page, str) else page


def _page(found: OutTablet, sentence: str = "") -> str | Response:
    with reading() as s:
        keeper, over = keeper_of(s, found.kiosk_id), pin_is_over(s, found.kiosk_id)
    sign_in = url_for("accounts.sign_in", next=_home(found))
    if keeper is None and not over:
        return redirect(sign_in, 303)
    return render_template(
        "ratings/take_back.html", keeper=keeper, said=sentence, sign_in=sign_in, asks=found.patient_id is None
    )


def _home(found: OutTablet) -> str:
    """Where the work goes on: at the visit, or with the patient who signed."""
    if found.infusion_id is not None:
        return url_for("desk.visit", infusion_id=found.infusion_id)
    return url_for("desk.patient", patient_id=found.patient_id)
