"""Flask-Login's side of a log-in: from the secret in the cookie to the person behind the request.

The signed cookie holds a random token where Flask-Login usually keeps the user's number, so that a
log-in can be ended on the server. Its "remember me" is never used.
"""

from datetime import datetime, timedelta

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from scheduler import clock
from scheduler.config import Config
from scheduler.features.accounts.actions.sessions import TOUCH_EVERY, touch_session
from scheduler.features.accounts.demo_logins import demo_allowed, is_local
from scheduler.features.accounts.passwords import STRONG, Hasher
from scheduler.features.accounts.queries import LiveSession, live_session
from scheduler.features.accounts.roles import role_line
from scheduler.web import reading, writing

POLLING = "X-Sixfold-Polling"  # A page that refreshes itself is not a person who works.


class SignedIn(UserMixin):
    """The person behind a request, as templates and views see them."""

    def __init__(self, token: str, found: LiveSession) -> None:
        self.token = token
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
    """Put a new log-in into the browser, and throw away whatever the cookie held before it."""
    session.clear()
    login_user(SignedIn(token, found))


def as_nobody() -> None:
    """Answer this request as if its browser held no log-in: the page carries a proof of its own."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def leave() -> None:
    """Take the log-in out of the browser."""
    logout_user()
    session.clear()


def _load(token: str) -> SignedIn | None:
    """The person behind `token`. A database that fails here shows its error page to nobody in particular."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    config: Config = current_app.extensions["sixfold"]
    now = clock.now()
    with reading() as s:
        found = live_session(s, token, now, timedelta(minutes=config.idle_minutes))
    if found is None or (found.is_demo and not (demo_allowed(config) and is_local(request.remote_addr))):
        return None
    _touch(found, now)
    return SignedIn(token, found)


def _touch(found: LiveSession, now: datetime) -> None:
    if POLLING in request.headers or now - found.last_seen_at < TOUCH_EVERY:
        return
    with writing() as s:
        touch_session(s, now, found.session_id)


def _about_the_person() -> dict[str, object]:
    """What the frame of every page says: where the person works, and that a demo is a demo."""
    known = current_user.is_authenticated
    return {
        "demo": known and current_user.is_demo,
        "site_name": current_user.site_name if known else None,
    }
