"""The own settings of each member of staff: the morning digest, PIN, password, the open log-ins."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.accounts.actions.attempts import attempt_succeeded, begin_attempt
from scheduler.features.accounts.actions.locks import set_pin
from scheduler.features.accounts.actions.own import (
    WRONG,
    change_own_password,
    end_one_session,
    end_other_sessions,
    set_digest,
)
from scheduler.features.accounts.factors.queries import factors_of, factors_said
from scheduler.features.accounts.login import leave
from scheduler.features.accounts.passwords import Checked, Hasher
from scheduler.features.accounts.queries import open_log_ins, user
from scheduler.features.accounts.throttle import TooManyTriesError
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.web import STAFF, access, attempt, current_actor, reading, writing
from scheduler.web.filters import count

CHANGED = "Your password is changed and all your log-ins are ended. Sign in with the new one."


@blueprint.get("/me")
@access(STAFF)
def me() -> ResponseReturnValue:
    """What a person may set for themselves."""
    return _page({})


@blueprint.post("/me/digest")
@access(STAFF)
def my_digest() -> ResponseReturnValue:
    """Begin or stop the morning digest."""
    wanted = request.form.get("wanted") == "yes"
    with writing() as session:
        set_digest(session, current_actor(), clock.now(), current_user.user_id, wanted=wanted)
    flash("The digest comes from the next open day on." if wanted else "The digest comes no more.", "ok")
    return redirect(url_for("accounts.me"), 303)


@blueprint.post("/me/log-ins")
@access(STAFF)
def end_my_others() -> ResponseReturnValue:
    """End all own log-ins but this one."""
    with writing() as session:
        ended = end_other_sessions(
            session, current_actor(), clock.now(), current_user.user_id, current_user.token
        )
    flash(f"{count(ended, 'other log-in')} ended." if ended else "There was no other log-in.", "ok")
    return redirect(url_for("accounts.me"), 303)


@blueprint.post("/me/log-ins/<int:session_id>")
@access(STAFF)
def end_mine(session_id: int) -> ResponseReturnValue:
    """End one of the own log-ins; ending this one signs out."""
    with writing() as session:
        end_one_session(session, current_actor(), clock.now(), current_user.user_id, session_id)
    if session_id == current_user.session_id:
        leave()
        flash("You are signed out.", "ok")
        return redirect(url_for("accounts.sign_in"), 303)
    flash("That log-in is ended.", "ok")
    return redirect(url_for("accounts.me"), 303)


@blueprint.post("/me/pin")
@access(STAFF)
def my_pin() -> ResponseReturnValue:
    """Take a PIN, or take it away, for the present password."""
    pin = "" if "remove" in request.form else request.form.get("pin", "") or "-"
    try:
        now, actor = clock.now(), current_actor()
        checked, number = checked_password(request.form.get("pin_password", ""))
        hasher: Hasher = current_app.extensions["hasher"]
        with writing() as session:
            fits = set_pin(session, actor, now, current_user.user_id, checked, pin, hasher)
            if fits:
                attempt_succeeded(session, number)
    except TooManyTriesError as error:
        return _page({"pin_password": error.sentence}), 429, {"Retry-After": str(error.extra["seconds"])}
    except RuleError as error:
        return _page({"pin": error.sentence}), 422
    if not fits:
        return _page({"pin_password": WRONG}), 422
    flash("Your PIN is set. It opens a page that locked." if pin else "Your PIN is taken away.", "ok")
    return redirect(url_for("accounts.me"), 303)


@blueprint.post("/me/password")
@access(STAFF)
def my_password() -> ResponseReturnValue:
    """Take a new password for the present one; every log-in ends, this one too."""
    present, new = request.form.get("present", ""), request.form.get("password", "")
    try:
        if not _changed(present, new):
            return _page({"present": WRONG}), 422
    except TooManyTriesError as error:
        return _page({"present": error.sentence}), 429, {"Retry-After": str(error.extra["seconds"])}
    except RuleError as error:
        return _page({"password": error.sentence}), 422
    leave()
    flash(CHANGED, "ok")
    return redirect(url_for("accounts.sign_in"), 303)


def _changed(present: str, new: str) -> bool:
    hasher: Hasher = current_app.extensions["hasher"]
    now, actor, user_id = clock.now(), current_actor(), current_user.user_id
    checked, number = checked_password(present)
    with writing() as session:
        return change_own_password(session, actor, now, user_id, number, checked, new, hasher)


def checked_password(present: str) -> tuple[Checked, int]:
    """Count the try, then look at the own password outside any transaction (it takes long on purpose)."""
    hasher: Hasher = current_app.extensions["hasher"]
    now, address = clock.now(), current_actor().address
    with reading() as session:
        person = user(session, current_user.user_id)
    number = attempt(lambda s: begin_attempt(s, now, person.email, address))
    return hasher.check(person.password_hash, present), number


def _page(errors: dict[str, str]) -> str:
    with reading() as session:
        person = user(session, current_user.user_id)
        log_ins = open_log_ins(session, person, clock.now(), current_user.token)
        factors = factors_of(session, person.id)
    return render_template(
        "accounts/me.html",
        person=person,
        log_ins=log_ins,
        errors=errors,
        factors=factors,
        factors_said=factors_said(factors),
    )
