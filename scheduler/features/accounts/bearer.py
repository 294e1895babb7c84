"""The way in for programs: a bearer token in the Authorization header, and the scope that a view asks for.

Cookies are not looked at: nobody's browser can be made to call the API under their log-in, which is why
these requests need no token against forgery.
"""

from flask import Flask, current_app, g, request

from scheduler import clock
from scheduler.errors import ForbiddenError
from scheduler.features.accounts.actions.access_tokens import TOUCH_EVERY, touch_token
from scheduler.features.accounts.queries import token_holder
from scheduler.features.audit.actions import record
from scheduler.models import AccessToken
from scheduler.web import current_actor, reading, writing
from scheduler.web.api.refusals import NotJsonError, UnauthorizedError

BODIES = {"POST", "PATCH"}
JSON = {"application/json", "application/merge-patch+json"}
HOW_TO_ENTER = (
    "Send a token that holds as “Authorization: Bearer …”. “python -m scheduler token create” makes one."
)


def init_bearer(app: Flask) -> None:
    """Let `app` know the holders of tokens."""
    app.extensions["bearer"] = _open


def program(kind: str) -> AccessToken | None:
    """The token of `kind` that this request carries, None without one; its use is noted once a minute."""
    scheme, _, raw = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not raw:
        return None
    now = clock.now()
    with reading() as session:
        found = token_holder(session, raw.strip(), now, kind)
    if found and (found.last_used_at is None or now - found.last_used_at >= TOUCH_EVERY):
        with writing() as session:
            touch_token(session, now, found.id)
    return found


def _open(scope: str) -> None:
    """Let the request pass if its token holds `scope`. A missing scope is said, and kept in the trail."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    found = program("api")
    if found is None:
        raise UnauthorizedError(HOW_TO_ENTER)
    g.program, g.token_id = found.name, found.id
    if scope not in found.scopes:
        with writing() as session:
            record(
                session, current_actor(), clock.now(), "access.denied", "access_token", found.id, scope=scope
            )
        raise ForbiddenError(f"This token lacks the scope “{scope}”. Make one that has it.", scope=scope)
    if request.method in BODIES and request.mimetype not in JSON:
        raise NotJsonError("Send the body as application/json.")
