"""One line for each request, and what went wrong, without anything that would be a secret or health data.

A line names the route (`/patients/<int:patient_id>`), never the address itself: addresses hold
search words, and later tokens. A traceback keeps its code lines; the local variables and the values
that a database repeats in its errors are left out.
"""

import logging
import secrets
import sys
import time
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request

QUIET = {"static", "outbox.healthz", "reports.metrics"}
WITH_VALUES = ("DETAIL:", "[parameters:", "CONTEXT:")

log = structlog.get_logger()


def configure_logs(level: str, stream: TextIO | None = None) -> None:
    """Write lines of at least `level` to `stream` (standard error): JSON, or plain on a terminal."""
    target = stream or sys.stderr
    at_terminal = target.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            leave_out_values,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if at_terminal
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )


def leave_out_values(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop the lines of a traceback in which a database repeats what was to be stored."""
    trace = event.get("exception")
    if isinstance(trace, str):
        kept = [line for line in trace.splitlines() if not line.lstrip().startswith(WITH_VALUES)]
        event["exception"] = "\n".join(kept)
    return event


def init_logs(app: Flask, level: str) -> None:
    """Give every request of `app` a number and a line. A command that has set up logs already keeps them."""
    if not structlog.is_configured():
        configure_logs(level)
    app.before_request(_begin)
    app.after_request(_end)


def request_number() -> str:
    """What this request is called in the log; also in the `X-Request-ID` of its answer."""
    number: str = g.get("request_number", "")
    return number


def number_request() -> str:
    """Call what happens from here on by a new number in the log, and give it."""
    number = secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=number)
    return number


def note_answer(method: str, route: str | None, status: int, began: float, user: int | None = None) -> None:
    """Write the line of a request that began at `began` on the performance counter."""
    ms = round((time.perf_counter() - began) * 1000, 1)
    log.info("answered", method=method, route=route, status=status, ms=ms, user=user)


def _begin() -> None:
    g.request_began = time.perf_counter()
    g.request_number = number_request()


def _end(response: Response) -> Response:
    if "request_number" not in g:
        return response
    response.headers["X-Request-ID"] = g.request_number
    if request.endpoint not in QUIET:
        route = request.url_rule.rule if request.url_rule else None
        user = getattr(g.get("_login_user"), "user_id", None)
        note_answer(request.method, route, response.status_code, g.request_began, user)
    return response
