"""Which of a patient's browsers a request comes from, and the cookie that says it.

The cookie is a secret of its own and no part of the signed one that holds a log-in of the staff: signing in
or out there changes nothing here, and the other way round.
"""

from typing import cast

from flask import Response, current_app, g, make_response, render_template, request

from scheduler import clock
from scheduler.config import Config
from scheduler.errors import SixfoldError
from scheduler.features.accounts.devices.actions import REMEMBERED, touch_device
from scheduler.features.accounts.devices.queries import Device, open_device_of
from scheduler.features.audit.actions import record_read
from scheduler.features.portal.actions import TOUCH_EVERY
from scheduler.features.portal.private import patient
from scheduler.features.portal.words import in_all_languages
from scheduler.web import reading, writing

CLOSED = "X-Pages"
"""Tells the script that keeps when and where for times without a connection to throw it away."""


class ClosedError(SixfoldError):
    """This browser holds no secret that opens anything."""

    status = 401
    title = "Your page is closed here"


def cookie_name(config: Config) -> str:
    """What the cookie is called; on https under a prefix that no other host can set."""
    return "__Host-sixfold-pages" if config.is_https else "sixfold-pages"


def found_device() -> Device | None:
    """The browser behind this request; None where it has no pages open."""
    if "pages_device" not in g:
        raw = request.cookies.get(cookie_name(_config()), "")
        g.pages_device = None
        if raw:
            with reading() as session:
                g.pages_device = open_device_of(session, raw, clock.now())
    return cast("Device | None", g.pages_device)


def this_device() -> Device:
    """The same, for a page that is for a patient alone. Raises ClosedError."""
    found = found_device()
    if found is None:
        raise ClosedError("This page is closed here.")
    return found


def note_use(device: Device) -> None:
    """Once a minute: that the browser is in use, and in the audit trail that somebody looked."""
    now = clock.now()
    if now - device.seen_at < TOUCH_EVERY:
        return
    with writing() as session:
        touch_device(session, now, device.id)
        record_read(session, patient(), now, "patient", device.patient_id, device.patient_id)


def keep(response: Response, raw: str, *, remember: bool) -> Response:
    """Let the browser hold the secret: for days, or until it is closed."""
    config = _config()
    response.set_cookie(
        cookie_name(config),
        raw,
        max_age=REMEMBERED if remember else None,
        secure=config.is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def closed_page(status: int, group: str) -> Response:
    """That the pages are closed in this browser, in all languages; the cookie goes, and what was kept."""
    config = _config()
    response = make_response(render_template("portal/said.html", words=in_all_languages(group)), status)
    response.headers[CLOSED] = "closed"
    if cookie_name(config) in request.cookies:
        response.delete_cookie(
            cookie_name(config), path="/", secure=config.is_https, httponly=True, samesite="Lax"
        )
    return response


def _config() -> Config:
    found: Config = current_app.extensions["sixfold"]
    return found
