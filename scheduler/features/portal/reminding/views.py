"""Reminders by mail, off and on: the page, the button that mail programs press, and the way back."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.actor import Actor
from scheduler.errors import NotFoundError, SixfoldError
from scheduler.features.accounts.link_throttle import count_answer, count_dead_link
from scheduler.features.accounts.login import as_nobody
from scheduler.features.portal.reminding.choice import Wish, wish, wish_of
from scheduler.features.portal.words import in_all_languages
from scheduler.rendering.language import load
from scheduler.web import EVERYONE, access, attempt, reading, writing
from scheduler.web.csrf import csrf

blueprint = Blueprint("reminding", __name__)
csrf.exempt(blueprint)  # The token in the address is the proof; no cookie is looked at.

SAID = {404: "unsubscribe_dead", 429: "wait"}


@blueprint.before_request
def _guard() -> None:
    as_nobody()


@blueprint.after_request
def _quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.errorhandler(SixfoldError)
def _refused(error: SixfoldError) -> ResponseReturnValue:
    words = in_all_languages(SAID.get(error.status, "broken"))
    return render_template("portal/said.html", words=words), error.status


@blueprint.get("/u/<token>")
@access(EVERYONE)
def page(token: str) -> ResponseReturnValue:
    """Whether reminders come by mail, and the one button that changes it."""
    return _shown(token, _open(token))


@blueprint.post("/u/<token>")
@access(EVERYONE)
def stop(token: str) -> ResponseReturnValue:
    """No more of them. Answered at once and not by a redirect, which mail programs don't follow."""
    _save(token, reminders=False)
    return _shown(token, _open(token))


@blueprint.post("/u/<token>/again")
@access(EVERYONE)
def again(token: str) -> ResponseReturnValue:
    """Reminders come again."""
    _save(token, reminders=True)
    return redirect(url_for("reminding.page", token=token), 303)


def _open(token: str) -> Wish:
    """What the link opens. One that opens nothing is counted, whatever it once was."""
    try:
        with reading() as session:
            return wish_of(session, token, clock.now())
    except NotFoundError:
        with writing() as session:
            count_dead_link(session, clock.now(), request.remote_addr or "")
        raise


def _save(token: str, *, reminders: bool) -> None:
    held = _open(token)
    with writing() as session:
        count_answer(session, clock.now(), held.link_id)
    actor = Actor(None, "patient", request.remote_addr or "")
    attempt(lambda session: wish(session, actor, clock.now(), token, reminders))


def _shown(token: str, held: Wish) -> str:
    return render_template("portal/reminders.html", token=token, held=held, w=load(held.language))
