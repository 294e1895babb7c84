"""Signing in and out."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.config import Config
from scheduler.errors import ForbiddenError
from scheduler.features.accounts.actions.attempts import begin_attempt
from scheduler.features.accounts.actions.passkey_sign_in import enter_by_passkey
from scheduler.features.accounts.actions.sign_in import Attempt, Opened, Place, finish_sign_in
from scheduler.features.accounts.demo_logins import DEMO_PASSWORD, demo_allowed, is_local
from scheduler.features.accounts.factors.door import door_question
from scheduler.features.accounts.forms import SignInForm, read_sign_in
from scheduler.features.accounts.login import HALF, KEPT, begin, behind_lock
from scheduler.features.accounts.passwords import Checked, Hasher
from scheduler.features.accounts.queries import demo_logins, user_by_email
from scheduler.features.accounts.throttle import TooManyTriesError
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.features.accounts.views.locked import sign_out_of
from scheduler.web import EVERYONE, STAFF, access, attempt, reading, writing
from scheduler.web.local_paths import local_path
from scheduler.web.navigation import navigation

WRONG = "This e-mail address and password do not go together. Look at both and try again."
NO_PASSKEY = "This passkey does not open anything here. Try it again, or sign in with your password."
DEMO_ONLY_HERE = "A demo log-in works only on the machine that Sixfold runs on."


@blueprint.get("/")
@access(EVERYONE)
def home() -> ResponseReturnValue:
    """The first page that the person may open, or the sign-in page."""
    if behind_lock():
        return redirect(url_for("accounts.lock_page"), 303)
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in"), 303)
    pages = navigation()
    if not pages:
        raise ForbiddenError("No page is open to your role. Ask an administrator to give you one.")
    return redirect(pages[0].href, 303)


@blueprint.get("/sign-in")
@access(EVERYONE)
def sign_in() -> ResponseReturnValue:
    """The form; whoever is signed in goes on."""
    if current_user.is_authenticated:
        return redirect(after_sign_in(request.args.get("next")), 303)
    return _page(SignInForm(), lapsed="_user_id" in session)


@blueprint.post("/sign-in")
@access(EVERYONE)
def try_sign_in() -> ResponseReturnValue:
    """Look at e-mail and password; an error keeps the e-mail and says the same for everybody."""
    answer = request.form.get("credential", "")
    form = SignInForm() if answer else read_sign_in(request.form)
    if form.errors:
        return _page(form, dict(form.errors)), 422
    try:
        opened = _try_passkey(answer) if answer else _try(form)
    except TooManyTriesError as error:
        return _page(form, {"": error.sentence}), 429, {"Retry-After": str(error.extra["seconds"])}
    except ForbiddenError as error:
        return _page(form, {"": error.sentence}), 403
    if opened is None:
        return _page(form, {"": NO_PASSKEY if answer else WRONG}), 422
    if opened.person is None:
        session[HALF] = opened.token
        onward = local_path(request.form.get("next"))
        return redirect(url_for("accounts.second_step", next=onward), 303)
    begin(opened.person, opened.token)
    return redirect(after_sign_in(request.form.get("next")), 303)


@blueprint.post("/sign-out")
@access(STAFF)
def sign_out() -> ResponseReturnValue:
    """End this log-in, here and on the server."""
    answer = sign_out_of(current_user)
    flash("You are signed out.", "ok")
    return answer


def place() -> Place:
    """From where this request comes, and the log-in that this browser holds by now."""
    return Place(request.remote_addr or "", request.user_agent.string, session.get("_user_id"))


def _try(form: SignInForm) -> Opened | None:
    """Count the try, look at the password outside any transaction (it takes long on purpose), then decide."""
    config: Config = current_app.extensions["sixfold"]
    hasher: Hasher = current_app.extensions["hasher"]
    address = request.remote_addr or ""
    now = clock.now()
    number = attempt(lambda s: begin_attempt(s, now, form.email, address))
    with reading() as s:
        user = user_by_email(s, form.email)
    checked = hasher.check(user.password_hash if user else None, form.password)
    away = bool(user and user.is_demo) and not (demo_allowed(config) and is_local(address))
    told = Attempt(number, form.email, place())
    with writing() as s:
        opened = finish_sign_in(s, now, told, Checked(fits=False) if away else checked, config)
    if away and checked.fits:
        raise ForbiddenError(DEMO_ONLY_HERE)
    return opened


def _try_passkey(answer: str) -> Opened | None:
    config: Config = current_app.extensions["sixfold"]
    now, where = clock.now(), place()
    return attempt(lambda s: enter_by_passkey(s, now, answer, where, config))


def after_sign_in(text: str | None) -> str:
    """Where to go on: to what was sent from a locked page, else where the person was, else the beginning."""
    if KEPT in session:
        return url_for("accounts.kept_forms", next=local_path(text))
    path = local_path(text)
    return path if path and not path.startswith("/sign-") else url_for("accounts.home")


def _page(form: SignInForm, errors: dict[str, str] | None = None, *, lapsed: bool = False) -> str:
    config: Config = current_app.extensions["sixfold"]
    demo = []
    if demo_allowed(config) and is_local(request.remote_addr):
        with reading() as s:
            demo = list(demo_logins(s))
    return render_template(
        "accounts/sign_in.html",
        email=form.email,
        errors=errors or {},
        next=local_path(request.values.get("next")) or "",
        lapsed=lapsed,
        question=door_question(clock.now(), config),
        demo_logins=demo,
        demo_password=DEMO_PASSWORD,
    )
