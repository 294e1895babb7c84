"""A page that a role does not open is written into the audit trail, whichever view refused it."""

import structlog
from flask import Flask, Response, request
from flask_login import current_user

from scheduler import clock
from scheduler.errors import SixfoldError
from scheduler.features.audit.actions import record
from scheduler.web import current_actor, writing

log = structlog.get_logger()


def init_denials(app: Flask) -> None:
    """Watch the answers of `app`."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    if response.status_code != 403 or not current_user.is_authenticated:
        return response
    route = request.url_rule.rule if request.url_rule else ""
    try:
        with writing() as s:
            record(s, current_actor(), clock.now(), "access.denied", "route", None, route=route)
    except SixfoldError as error:
        log.warning("denial not recorded", route=route, reason=error.sentence)
    return response
