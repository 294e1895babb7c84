"""Deny by default: every route says whose it is, and a route that does not is closed to all.

`@access(...)` stands nearest to the function, under the route. A test walks the URL map and holds
every role × route pair against its expected status.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler.errors import ForbiddenError
from scheduler.models import Role
from scheduler.web.local_paths import local_path, path_of

View = TypeVar("View", bound=Callable[..., Any])

DESK = frozenset({Role.FRONT_DESK, Role.NURSE, Role.CLINICIAN})
CHARTING = frozenset({Role.NURSE, Role.CLINICIAN})
CLINICIAN = frozenset({Role.CLINICIAN})
FRONT_DESK = frozenset({Role.FRONT_DESK})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
STAFF = frozenset(Role)
EVERYONE: frozenset[Role] = frozenset()
MARK = "sixfold_access"
SCOPE_MARK = "sixfold_scope"


def access(roles: frozenset[Role]) -> Callable[[View], View]:
    """Declare who may call a view: any of `roles`, or `EVERYONE`, signed in or not."""

    def mark(view: View) -> View:
        setattr(view, MARK, roles)
        return view

    return mark


def declared_access(app: Flask, endpoint: str) -> frozenset[Role] | None:
    """What the view behind `endpoint` declares, or None where it declares nothing."""
    view = app.view_functions.get(endpoint)
    return getattr(view, MARK, None)


def bearer(scope: str) -> Callable[[View], View]:
    """Declare that a view is for programs: for tokens that hold `scope`, and for nobody's cookie."""

    def mark(view: View) -> View:
        setattr(view, SCOPE_MARK, scope)
        return view

    return mark


def declared_scope(app: Flask, endpoint: str) -> str | None:
    """The scope that the view behind `endpoint` asks of a token, or None where it is no view for programs."""
    return getattr(app.view_functions.get(endpoint), SCOPE_MARK, None)


def init_access(app: Flask) -> None:
    """Guard every route of `app`."""
    access(EVERYONE)(app.view_functions["static"])
    app.before_request(_guard)


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # No such page: the 404 comes by itself.
    scope = declared_scope(current_app, request.endpoint)
    if scope is not None:
        current_app.extensions["bearer"](scope)  # The slice of accounts knows the tokens.
        return None
    roles = declared_access(current_app, request.endpoint)
    if roles is None:
        raise ForbiddenError("This page does not say whom it is for, so it stays closed.")
    if roles == EVERYONE:
        return None
    if not current_user.is_authenticated:
        answer: ResponseReturnValue | None = current_app.extensions["lock"]()  # As above.
        return answer or _to_sign_in()
    if not roles & current_user.roles:
        raise ForbiddenError(
            "Your role does not open this page. Ask an administrator if it should.", denied=True
        )
    return None


def _to_sign_in() -> ResponseReturnValue:
    """The sign-in page, and after it back to the page the person was on.

    A form that was sent with an expired log-in leads back to the page it stood on; a live part of a
    page leads the whole page away, or the sign-in page would appear inside a panel.
    """
    if request.headers.get("HX-Request"):
        back = path_of(request.headers.get("HX-Current-URL"), _origins())
        return "", 401, {"HX-Redirect": url_for("accounts.sign_in", next=back)}
    if request.method in {"GET", "HEAD"}:
        back = local_path(request.full_path.rstrip("?"))
    else:
        back = referring_path()
    return redirect(url_for("accounts.sign_in", next=back), 303)


def referring_path() -> str | None:
    """The path of our own page that this request was sent from, where the browser says it."""
    return path_of(request.headers.get("Referer"), _origins())


def _origins() -> set[str]:
    return {request.host_url.rstrip("/"), current_app.extensions["sixfold"].base_url}
