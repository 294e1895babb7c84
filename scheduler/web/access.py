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

View = TypeVar("View", bound=Callable[..., Any])

DESK = frozenset({Role.FRONT_DESK, Role.NURSE, Role.CLINICIAN})
CHARTING = frozenset({Role.NURSE, Role.CLINICIAN})
STAFF = frozenset(Role)
EVERYONE: frozenset[Role] = frozenset()
MARK = "sixfold_access"


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


def init_access(app: Flask) -> None:
    """Guard every route of `app`."""
    access(EVERYONE)(app.view_functions["static"])
    app.before_request(_guard)


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # No such page: the 404 comes by itself.
    roles = declared_access(current_app, request.endpoint)
    if roles is None:
        raise ForbiddenError("This page does not say whom it is for, so it stays closed.")
    if roles == EVERYONE:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if not roles & current_user.roles:
        raise ForbiddenError(
            "Your role does not open this page. Ask an administrator if it should.", denied=True
        )
    return None


def _to_sign_in() -> ResponseReturnValue:
    """The sign-in page, and after it back to where the person was heading."""
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.headers.get("HX-Request"):
        return (
            "",
            401,
            {"HX-Redirect": url_for("accounts.sign_in", next=request.headers.get("HX-Current-URL-Path"))},
        )
    return redirect(url_for("accounts.sign_in", next=target), 303)
