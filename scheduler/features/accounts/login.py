"""Flask-Login's side of a log-in: from the secret in the cookie to the person behind the request.

The signed cookie holds a random token where Flask-Login usually keeps the user's number, so that a
log-in can be ended on the server. Its "remember me" is never used. A locked log-in is nobody's: only the
views of the lock know that there is somebody behind it.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from scheduler import clock
from scheduler.config import Config
from scheduler.features.accounts.actions.locks import touch_session
from scheduler.features.accounts.demo_logins import demo_allowed, is_local
from scheduler.features.accounts.passwords import STRONG, Hasher
from scheduler.features.accounts.queries import LiveSession, live_session
from scheduler.features.accounts.roles import role_line
from scheduler.web import reading, writing

POLLING = "X-Sixfold-Polling"  # A page that refreshes itself is not a person who works.
TOUCH_EVERY = timedelta(minutes=1)
KEPT = "kept"
"""Under this the cookie holds the key to what was sent from a locked page."""
HALF = "half"
"""Under this it holds the secret of somebody who has given the password and has more to prove."""


class SignedIn(UserMixin):
    """The person behind a request, as templates and views see them."""

    def __init__(self, token: str, found: LiveSession) -> None:
        self.token = token
        self.session_id = found.session_id
        self.watch = found.watch
        self.limits = found.limits
        self.has_pin = found.has_pin
        self.proved_at = found.proved_at
        self.emergency_id = found.emergency_id
        self.user_id = found.user_id
        self.name = found.name
        self.roles = found.roles
        self.role_line = role_line(found.roles)
        self.site_id = found.site_id
        self.site_name = found.site_name
        self.site_tz = found.site_tz
        self.is_demo = found.is_demo

    def get_id(self) -> str:
        """What the cookie carries."""
        return self.token


def init_login(app: Flask, config: Config, hasher: Hasher = STRONG) -> None:
    """Let `app` know its people. `hasher` checks passwords (tests hand in a cheap one)."""
    app.extensions["hasher"] = hasher
    app.config.update(
        REMEMBER_COOKIE_NAME="__Host-sixfold-remember" if config.is_https else "sixfold-remember",
        REMEMBER_COOKIE_SECURE=config.is_https,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
    )
    manager = LoginManager()
    manager.session_protection = None  # The row on the server ends log-ins; an address may change.
    manager.user_loader(_load)
    manager.init_app(app)
    app.context_processor(_about_the_person)


def begin(found: LiveSession, token: str) -> None:
    """Put a new log-in into the browser, and throw away whatever the cookie held before it.

    But for the key to a form that the same person sent from a locked page.
    """
    kept = session.get(KEPT)
    session.clear()
    if kept and kept.get("who") == found.user_id:
        session[KEPT] = kept
    login_user(SignedIn(token, found))


def behind_lock() -> SignedIn | None:
    """Whose locked log-in this browser holds; None where it is open or holds none."""
    if current_user.is_authenticated:
        return None
    found: SignedIn | None = g.get("locked")
    return found


def draft_key(of: str, user_id: int) -> str:
    """The key, in hex, under which a page keeps in its browser what was typed into it: `of` names the use.

    It comes with the page, and so only to the person whose drafts they are.
    """
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"{of} of {user_id}".encode(), hashlib.sha256).hexdigest()


def as_nobody() -> None:
    """Answer this request as if its browser held no log-in: the page carries a proof of its own."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def leave(*, keep_form: bool = False) -> None:
    """Take the log-in out of the browser, with or without the key to what was sent from a locked page."""
    kept = session.get(KEPT) if keep_form else None
    logout_user()
    session.clear()
    if kept:
        session[KEPT] = kept


def _load(token: str) -> SignedIn | None:
    """The person behind `token`. A database that fails here shows its error page to nobody in particular."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    config: Config = current_app.extensions["sixfold"]
    now = clock.now()
    with reading() as s:
        found = live_session(s, token, now, timedelta(minutes=config.idle_minutes))
    if found is None or (found.is_demo and not (demo_allowed(config) and is_local(request.remote_addr))):
        return None
    if found.is_locked:
        g.locked = SignedIn(token, found)
        return None
    _touch(found, now, config)
    return SignedIn(token, found)


def _touch(found: LiveSession, now: datetime, config: Config) -> None:
    if POLLING in request.headers or now - found.watch.last_seen_at < TOUCH_EVERY:
        return
    with writing() as s:
        touch_session(s, now, found.session_id, timedelta(minutes=config.idle_minutes))


def _about_the_person() -> dict[str, object]:
    """What the frame of every page says: where the person works, and that a demo is a demo."""
    known = current_user.is_authenticated
    return {
        "page_key": lambda: draft_key("page drafts", current_user.user_id),
        "demo": known and current_user.is_demo,
        "site_name": current_user.site_name if known else None,
    }
