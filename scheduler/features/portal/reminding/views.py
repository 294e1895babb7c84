"""Reminders by mail, off and on: the page, the button that mail programs press, and the way back."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.portal.private import answered_by, opened_by, patient, private_blueprint
from scheduler.features.portal.reminding.choice import Wish, wish, wish_of
from scheduler.rendering.language import load
from scheduler.web import EVERYONE, access, attempt

blueprint = private_blueprint("reminding", {400: "broken", 404: "unsubscribe_dead"}, proof_in_address=True)


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
    return opened_by(lambda session: wish_of(session, token, clock.now()))


def _save(token: str, *, reminders: bool) -> None:
    held = _open(token)
    answered_by(held.link_id)
    attempt(lambda session: wish(session, patient(), clock.now(), token, reminders))


def _shown(token: str, held: Wish) -> str:
    return render_template("portal/reminders.html", token=token, held=held, w=load(held.language))
