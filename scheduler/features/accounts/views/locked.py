"""What a locked log-in is answered, whichever page was asked for.

A page leads to the lock and back. A form is kept first. A script is told 423 and asks the person on the page
that it stands on, where everything that was typed is still in its place.
"""

from flask import Flask, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.actor import Actor
from scheduler.features.accounts.actions.kept import forget_forms, keep_form
from scheduler.features.accounts.actions.sessions import end_session
from scheduler.features.accounts.locking.kept import new_key, sealed
from scheduler.features.accounts.login import KEPT, SignedIn, behind_lock, leave
from scheduler.web import writing
from scheduler.web.access import referring_path
from scheduler.web.local_paths import local_path

LOCKED = 423


def init_lock(app: Flask) -> None:
    """Let the guard of `app` know the lock."""
    app.extensions["lock"] = _answer


def by_script() -> bool:
    """Whether a script of a page asks, which stays where it is whatever the answer says."""
    return (
        "HX-Request" in request.headers
        or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
        or request.headers.get("Accept", "").startswith("application/json")
    )


def person(found: SignedIn) -> Actor:
    """Who is behind a lock, for the trail."""
    return Actor(found.user_id, found.name, request.remote_addr or "")


def sign_out_of(found: SignedIn) -> ResponseReturnValue:
    """End a log-in, open or locked, with all that was kept for it."""
    now = clock.now()
    with writing() as s:
        end_session(s, person(found), now, found.token)
        forget_forms(s, now, found.user_id)
    leave()
    return redirect(url_for("accounts.sign_in"), 303)


def _answer() -> ResponseReturnValue | None:
    """What the guard answers; None where nothing is locked."""
    found = behind_lock()
    if found is None:
        return None
    if request.endpoint == "accounts.sign_out":
        return sign_out_of(found)
    if by_script():
        return jsonify(locked=True), LOCKED
    if request.method in {"GET", "HEAD"}:
        back = local_path(request.full_path.rstrip("?"))
    else:
        back = referring_path()
        if request.blueprint != "accounts":  # Passwords are not kept, nor what concerns the lock itself.
            _keep(found, back or url_for("accounts.home"))
    return redirect(url_for("accounts.lock_page", next=back), 303)


def _keep(found: SignedIn, page: str) -> None:
    path = local_path(request.full_path.rstrip("?"))
    if path is None:
        return
    kept = session.setdefault(KEPT, {"who": found.user_id, "key": new_key()})
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    body = sealed(fields, kept["key"])
    with writing() as s:
        keep_form(s, person(found), clock.now(), path, page, body)
