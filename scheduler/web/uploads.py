"""Views that take a file: larger bodies than a form's, for those who may send one.

Whoever is not signed in, or may not, is held to the limit of a form, before anything of the body is read.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_login import current_user

from scheduler.web.access import declared_access

View = TypeVar("View", bound=Callable[..., Any])

MARK = "sixfold_takes_file"


def takes_file(most: int) -> Callable[[View], View]:
    """Declare that a view takes a body of `most` bytes."""

    def mark(view: View) -> View:
        setattr(view, MARK, most)
        return view

    return mark


def init_uploads(app: Flask) -> None:
    """Allow for files. Comes before the check of the inputs, which reads the form."""
    app.before_request(_allow)


def _allow() -> None:
    most = getattr(current_app.view_functions.get(request.endpoint or ""), MARK, None)
    if most is None or request.endpoint is None:
        return
    roles = declared_access(current_app, request.endpoint) or frozenset()
    if current_user.is_authenticated and roles & current_user.roles:
        request.max_content_length = most
