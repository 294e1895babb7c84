"""What all pages behind a link of a visit or of its course share: nobody is signed in on them, no Referer is
sent, and what is refused says nothing of whom the link was for.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from scheduler import clock
from scheduler.actor import Actor
from scheduler.errors import NotFoundError, SixfoldError
from scheduler.features.accounts.link_throttle import count_answer, count_dead_link
from scheduler.features.accounts.login import as_nobody
from scheduler.features.portal.words import in_all_languages
from scheduler.rendering import ics
from scheduler.rendering.facts import EventFacts, Locale
from scheduler.web import reading, writing
from scheduler.web.csrf import check_without_referrer, csrf

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SAID = {400: "stale", 404: "dead", 429: "wait"}
Page = TypeVar("Page")


def private_blueprint(
    name: str, words: Mapping[int, str] | None = None, *, proof_in_address: bool = False
) -> Blueprint:
    """A blueprint whose pages are for whoever holds a link; `words` name what is said, by status.

    With `proof_in_address` a form needs no more than its address: mail programs send it too.
    """
    said = {**SAID, **(words or {})}

    def refused(error: SixfoldError) -> ResponseReturnValue:
        return _said(error.status, said)

    def stale(_error: CSRFError) -> ResponseReturnValue:
        return _said(400, said)

    blueprint = Blueprint(name, __name__)
    # The usual check asks for a Referer on https, which these pages never send: `_guard` has its own.
    csrf.exempt(blueprint)
    blueprint.before_request(as_nobody if proof_in_address else _guard)
    blueprint.after_request(_quietly)
    blueprint.register_error_handler(SixfoldError, refused)
    blueprint.register_error_handler(CSRFError, stale)
    return blueprint


def patient() -> Actor:
    """Whoever holds a link is taken for the patient."""
    return Actor(None, "patient", request.remote_addr or "")


def opened_by(read: "Callable[[Session], Page]") -> Page:
    """What a link opens. One that opens nothing is counted, whatever it once was."""
    try:
        with reading() as session:
            return read(session)
    except NotFoundError:
        with writing() as session:
            count_dead_link(session, clock.now(), request.remote_addr or "")
        raise


def answered_by(link_id: int | str) -> None:
    """Count an answer that comes with a link, before anything is done with it."""
    with writing() as session:
        count_answer(session, clock.now(), link_id)


def calendar_answer(events: Sequence[EventFacts], name: str, locale: Locale, language: str) -> Response:
    """A calendar file to keep; `name` is the clinic's discreet one."""
    answer = Response(ics.calendar_file(events, name, locale, language), content_type=ics.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{ics.file_name(len(events))}"'
    return answer


def _guard() -> None:
    as_nobody()
    check_without_referrer()


def _quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _said(status: int, said: Mapping[int, str]) -> ResponseReturnValue:
    """What is said to somebody of whom nothing is known: the same bytes for every link that opens nothing."""
    words = in_all_languages(said.get(status, "broken"))
    return render_template("portal/said.html", words=words), status
