"""The desk writes a request down, mostly while somebody is on the phone."""

import secrets
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.intake.requests.actions.receive import receive
from scheduler.features.intake.requests.forms import Asked, blank, judged, read_asked
from scheduler.features.intake.requests.order import DESK as BY_DESK
from scheduler.features.intake.requests.order import IN_PERSON, PHONE, VIDEO, WAYS
from scheduler.features.intake.requests.queries import Place, places, request_of_key
from scheduler.features.intake.requests.views.blueprint import blueprint
from scheduler.features.patients.fields import EXAMPLES, LANGUAGES
from scheduler.features.patients.times import ALL_TICKS
from scheduler.rendering.language import load
from scheduler.web import DESK, access, attempt, current_actor, reading

AGREED = "Said to the desk that they may be contacted about this request."
WORDS = {PHONE: "By phone", VIDEO: "By video", IN_PERSON: "At the clinic"}
LONGEST_KEY = 64
NO_SITE = "No site is in use. An administrator adds one under Settings."


@blueprint.get("/requests/new")
@access(DESK)
def new() -> ResponseReturnValue:
    """An empty form, at the site where the person works."""
    return _page(_sites(), blank(), secrets.token_hex(16))


@blueprint.post("/requests/new")
@access(DESK)
def take() -> ResponseReturnValue:
    """Take the request and go to it; the same form twice is one request."""
    sites, now, key = _sites(), clock.now(), request.form.get("key", "")
    if not key or len(key) > LONGEST_KEY:
        raise RuleError("This page is not complete. Open it again and write the request anew.")
    place = sites.get(request.form.get("site", "")) or next(iter(sites.values()))
    language = request.form.get("language", "")
    asked = judged(
        read_asked(request.form, ALL_TICKS),
        place,
        key=f"desk-{key}",
        language=language if language in dict(LANGUAGES) else "en",
        words=AGREED,
        today=now.date(),
        source=BY_DESK,
    )
    order, actor = asked.order, current_actor()
    if order is None:
        return _page(sites, asked, key), 422
    try:
        request_id = attempt(lambda session: receive(session, actor, now, order).id)
    except ConflictError:
        with reading() as session:
            found = request_of_key(session, order.request_key)
        if found is None:
            raise
        request_id = found.id
    flash("The request is taken.", "ok")
    return redirect(url_for("path.show", request_id=request_id), 303)


def _sites() -> Mapping[str, Place]:
    with reading() as session:
        found = places(session)
    if not found:
        raise RuleError(NO_SITE)
    return found


def _page(sites: Mapping[str, Place], asked: Asked, key: str) -> str:
    chosen = request.form.get("site", "") or str(current_user.site_id or "")
    place = sites.get(chosen) or next(iter(sites.values()))
    say = load("en").say
    return render_template(
        "intake/requests/new.html",
        sites=[(number, each.clinic) for number, each in sites.items()],
        site=str(place.site_id),
        asked=asked,
        ways=[(way, WORDS[way]) for way in WAYS if any(way in each.ways for each in sites.values())],
        errors={name: say(f"ask.errors.{phrase}") for name, phrase in asked.errors.items()},
        language=request.form.get("language", "en"),
        languages=LANGUAGES,
        example=EXAMPLES[place.date_order],
        key=key,
    )
