"""Errors become pages: one clear sentence that says what to do, nothing of the inside.

A request of htmx gets the same sentence as a banner, a program gets problem details, both with the true
status.
"""

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from werkzeug.exceptions import HTTPException

from scheduler.db.constraints import LOCKED, is_transient, unavailable
from scheduler.errors import BusyError, SixfoldError
from scheduler.web.api.problem import SENTENCES, is_api, problem
from scheduler.web.logs import request_number

log = structlog.get_logger()

FORM_BYTES = 2 * 2**20
DISK_FULL = "The disk of the web server is full. Nothing was saved. Tell the person who runs Sixfold."
FILE_TOO_LARGE = "A file may hold {} megabytes. Leave columns out that nobody needs, or split it."


@dataclass(frozen=True)
class Words:
    """Title and sentence of an error page."""

    title: str
    sentence: str


WORDS = {
    400: Words(
        "That request could not be read", "Something in it is not as it should be. Go back and try again."
    ),
    401: Words("Sign in first", "Your log-in has ended. Sign in, and you come back here."),
    403: Words("This is not open to your role", "Ask an administrator if it should be."),
    404: Words(
        "There is nothing here", "The address may be old, or the record was removed. Start again from Today."
    ),
    405: Words("That can't be done this way", "Go back and use the button on the page."),
    409: Words("Somebody was faster", "What you saw has changed. Open the page again and look."),
    413: Words("That is too much at once", "A form may hold 2 megabytes. Send less."),
    415: Words("That kind of file is not read here", "Send a form from one of Sixfold's own pages."),
    422: Words("That breaks a rule", "Change what is marked, and send it again."),
    429: Words("Too many tries", "Wait a minute, then try again."),
    500: Words(
        "Something broke on our side",
        "Nothing was half saved. Try again; if it happens twice, tell who runs Sixfold.",
    ),
    503: Words("The database can't be reached", "Nothing was saved. Try again in a minute."),
}
STALE_FORM = Words(
    "This page was open too long",
    "Its protection against forged requests has run out. Go back, reload the page, and send it again.",
)


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(SixfoldError, _of_the_clinic)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(DBAPIError, _of_the_database)
    app.register_error_handler(NoConnectionError, _of_the_pool)
    app.register_error_handler(OverflowError, _beyond_the_database)
    app.register_error_handler(OSError, _of_the_disk)
    app.register_error_handler(Exception, _unexpected)


def _of_the_clinic(error: SixfoldError) -> ResponseReturnValue:
    if error.status >= 500:
        log.error("cannot serve", reason=error.sentence, cause=_first_line(error.__cause__))
    return _answer(error.status, Words(error.title, error.sentence), error.extra)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _answer(400, STALE_FORM)


def _of_the_database(error: DBAPIError) -> ResponseReturnValue:
    """What no transaction has turned into a sentence: racing writers that never got through, or a
    number or text that the database can't hold."""
    if is_transient(error):
        return _of_the_clinic(BusyError(LOCKED))
    if isinstance(error, DataError):
        return _beyond_the_database(error)
    away = unavailable(error)
    return _of_the_clinic(away) if away else _unexpected(error)


def _of_the_pool(_error: NoConnectionError) -> ResponseReturnValue:
    return _of_the_clinic(BusyError(LOCKED))


def _beyond_the_database(error: Exception) -> ResponseReturnValue:
    log.warning("value refused by the database", cause=type(error).__name__)
    return _answer(400, WORDS[400])


def _of_the_disk(error: OSError) -> ResponseReturnValue:
    """A file that is sent is put down while it is read: there may be no room for it."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _of_the_clinic(BusyError(DISK_FULL))
    return _unexpected(error)


def _of_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    facts = {"allowed": getattr(error, "valid_methods", None), **getattr(error, "data", {})}
    words = WORDS.get(error.code, WORDS[400])
    if error.code == 413 and (request.max_content_length or 0) > FORM_BYTES:
        words = Words(words.title, FILE_TOO_LARGE.format((request.max_content_length or 0) // 2**20))
    if is_api():
        words = Words(words.title, SENTENCES.get(error.code, words.sentence))
    return _answer(error.code, words, facts)


def _unexpected(error: Exception) -> ResponseReturnValue:
    route = request.url_rule.rule if request.url_rule else None
    log.error("request failed", route=route, method=request.method, exc_info=error)
    told = Words(WORDS[500].title, f"{WORDS[500].sentence} Name this number: {request_number()}.")
    return _answer(500, told)


def _first_line(cause: BaseException | None) -> str | None:
    orig = getattr(cause, "orig", None) or cause
    return str(orig).partition("\n")[0] if orig else None


def _answer(status: int, words: Words, facts: Mapping[str, Any] | None = None) -> ResponseReturnValue:
    """The page. It must not ask the database who is there: the database may be what failed."""
    if is_api():
        return problem(status, words.title, words.sentence, facts)
    if "_login_user" not in g:
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    name = status if status in WORDS and status not in {401, 415} else 400
    template = "errors/banner.html" if request.headers.get("HX-Request") else f"errors/{name}.html"
    return render_template(template, status=status, title=words.title, sentence=words.sentence), status
