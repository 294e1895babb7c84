"""The lock as a page, for whoever comes to it without the pages' script, and as that script's partner."""

from datetime import timedelta

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.accounts.actions.locks import Opening, begin_try, end_try, lock_session
from scheduler.features.accounts.locking.pin import is_pin
from scheduler.features.accounts.login import POLLING, SignedIn, behind_lock, leave
from scheduler.features.accounts.passwords import LONGEST, Hasher
from scheduler.features.accounts.queries import user
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.features.accounts.views.locked import by_script, person
from scheduler.features.accounts.views.sign_in import after_sign_in
from scheduler.web import EVERYONE, STAFF, access, attempt, current_actor, reading
from scheduler.web.access import referring_path
from scheduler.web.local_paths import local_path

EMPTY = "Write your PIN or your password."
WRONG = "That is not your PIN or password. {} left, then you are signed out."
OVER = "There were too many wrong tries, so you are signed out. Sign in with your password."
NO_PIN = "Your password opened the page. A PIN is quicker: set one under My settings."


@blueprint.get("/lock")
@access(EVERYONE)
def lock_page() -> ResponseReturnValue:
    """The lock; whoever is not locked goes on."""
    found = behind_lock()
    return _page(found) if found else _not_locked()


@blueprint.post("/lock")
@access(STAFF)
def lock_now() -> ResponseReturnValue:
    """Lock this log-in by hand, for all its tabs."""
    idle = timedelta(minutes=current_app.extensions["sixfold"].idle_minutes)
    now, actor = clock.now(), current_actor()
    attempt(lambda s: lock_session(s, actor, now, current_user.session_id, idle))
    if by_script():
        return jsonify(locked=True)
    return redirect(url_for("accounts.lock_page", next=referring_path()), 303)


@blueprint.post("/lock/open")
@access(EVERYONE)
def open_lock() -> ResponseReturnValue:
    """Open the lock with the PIN or the password."""
    found = behind_lock()
    if found is None:
        return _not_locked()
    secret = request.form.get("secret", "")
    if not 0 < len(secret) <= LONGEST:
        return _refused(found, EMPTY)
    opening = _try(found, secret)
    if opening.opened:
        return _opened(found)
    if opening.left:
        tries = f"{opening.left} {'try is' if opening.left == 1 else 'tries are'}"
        return _refused(found, WRONG.format(tries))
    leave(keep_form=True)
    flash(OVER, "stop")
    return _not_locked()


@blueprint.get("/lock/state")
@access(STAFF)
def lock_state() -> ResponseReturnValue:
    """Whose log-in it is and after how many seconds without use it locks; asking is use, polling is not."""
    now, limits = clock.now(), current_user.limits
    watch = current_user.watch if POLLING in request.headers else current_user.watch.used(now, limits)
    return jsonify(who=current_user.user_id, seconds=watch.seconds_left(now, limits))


def _try(found: SignedIn, secret: str) -> Opening:
    """Count the try, look at the secret outside any transaction (it takes long on purpose), then decide."""
    hasher: Hasher = current_app.extensions["hasher"]
    idle = timedelta(minutes=current_app.extensions["sixfold"].idle_minutes)
    now, who = clock.now(), person(found)
    if not attempt(lambda s: begin_try(s, now, found.session_id, idle)):
        return Opening(opened=False)
    with reading() as s:
        known = user(s, found.user_id)
    checked = hasher.check(known.pin_hash if is_pin(secret) else known.password_hash, secret)
    return attempt(lambda s: end_try(s, who, now, found.session_id, idle, checked))


def _opened(found: SignedIn) -> ResponseReturnValue:
    if by_script():
        return jsonify(open=True, who=found.user_id)
    if not found.has_pin:
        flash(NO_PIN, "due")
    return redirect(after_sign_in(request.form.get("next")), 303)


def _not_locked() -> ResponseReturnValue:
    """There is nothing to open: it is open already, or over."""
    if current_user.is_authenticated:
        if by_script():
            return jsonify(open=True, who=current_user.user_id)
        return redirect(after_sign_in(request.values.get("next")), 303)
    back = local_path(request.values.get("next"))
    if by_script():
        return jsonify(over=url_for("accounts.sign_in", next=back)), 401
    return redirect(url_for("accounts.sign_in", next=back), 303)


def _refused(found: SignedIn, sentence: str) -> ResponseReturnValue:
    if by_script():
        return jsonify(said=sentence), 422
    return _page(found, sentence), 422


def _page(found: SignedIn, sentence: str = "") -> str:
    back = local_path(request.values.get("next")) or ""
    return render_template("accounts/lock.html", person=found, said=sentence, next=back)
