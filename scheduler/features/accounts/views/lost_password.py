"""A lost password: the page that asks for a link, and the one that the link opens.

The page that asks looks nothing up, so it can tell nobody who works here: the worker does it later.
"""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.accounts.actions.lost_password import ask_for_link, set_by_link
from scheduler.features.accounts.forms import EMAIL_LENGTH
from scheduler.features.accounts.link_throttle import count_dead_link
from scheduler.features.accounts.login import as_nobody
from scheduler.features.accounts.open_links import HeldLink, link_of
from scheduler.features.accounts.passwords import Hasher
from scheduler.features.accounts.throttle import TooManyTriesError
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.web import EVERYONE, access, attempt, reading, writing
from scheduler.web.csrf import check_without_referrer, csrf

ASKED = (
    "If somebody signs in with this address, a mail with a link is on its way. The link works for one hour."
)
EMPTY = "Write your e-mail address."

links = Blueprint("account_links", __name__)
csrf.exempt(links)  # The usual check asks for a Referer on https, which these pages never send.


@blueprint.get("/sign-in/lost")
@access(EVERYONE)
def lost_password() -> ResponseReturnValue:
    """The form."""
    return _form("", "")


@blueprint.post("/sign-in/lost")
@access(EVERYONE)
def ask_for_password() -> ResponseReturnValue:
    """Keep the question; the answer is the same for everybody."""
    email = request.form.get("email", "")
    if not email.strip() or len(email) > EMAIL_LENGTH:
        return _form(email[:EMAIL_LENGTH], EMPTY), 422
    try:
        attempt(lambda s: ask_for_link(s, clock.now(), email, request.remote_addr or ""))
    except TooManyTriesError as error:
        return _form(email, error.sentence), 429
    flash(ASKED, "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@links.before_request
def _guard() -> None:
    as_nobody()
    check_without_referrer()


@links.after_request
def _quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@links.get("/a/<token>")
@access(EVERYONE)
def password_by_link(token: str) -> ResponseReturnValue:
    """The page on which the owner of the link sets a password."""
    return _page(token, _opened(token))


@links.post("/a/<token>")
@access(EVERYONE)
def save_password_by_link(token: str) -> ResponseReturnValue:
    """Set it, and on to signing in."""
    held = _opened(token)
    hasher: Hasher = current_app.extensions["hasher"]
    password, address = request.form.get("password", ""), request.remote_addr or ""
    try:
        attempt(lambda s: set_by_link(s, clock.now(), token, password, hasher, address))
    except RuleError as error:
        return _page(token, held, error.sentence), 422
    flash("Your password is set. Sign in with it.", "ok")
    return redirect(url_for("accounts.sign_in"), 303)


def _opened(token: str) -> HeldLink:
    """What a link opens. One that opens nothing is counted, whatever it once was."""
    try:
        with reading() as s:
            return link_of(s, token, clock.now())
    except NotFoundError:
        with writing() as s:
            count_dead_link(s, clock.now(), request.remote_addr or "")
        raise


def _page(token: str, held: HeldLink, error: str = "") -> str:
    return render_template("accounts/password_by_link.html", token=token, held=held, error=error)


def _form(email: str, error: str) -> str:
    return render_template("accounts/lost_password.html", email=email, error=error)
