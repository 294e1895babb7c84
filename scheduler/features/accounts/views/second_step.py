"""The second step of signing in: proving a second factor, or setting up the first one."""

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.config import Config
from scheduler.errors import ConflictError, RuleError
from scheduler.features.accounts.actions.factors import add_app, add_passkey
from scheduler.features.accounts.actions.prove import take_code, take_passkey
from scheduler.features.accounts.actions.second_step import person_of, prove_second, set_up_second
from scheduler.features.accounts.actions.sign_in import Opened
from scheduler.features.accounts.factors.offers import (
    Person,
    app_secret,
    new_key_challenge,
    offer,
    proof_challenge,
    question,
)
from scheduler.features.accounts.factors.passkeys import home_of, made_key
from scheduler.features.accounts.factors.queries import Factors, Half, factors_of, half_of
from scheduler.features.accounts.factors.recovery import FEW
from scheduler.features.accounts.login import HALF, begin
from scheduler.features.accounts.throttle import TooManyTriesError
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.features.accounts.views.sign_in import after_sign_in, place
from scheduler.web import EVERYONE, access, attempt, reading
from scheduler.web.filters import count
from scheduler.web.local_paths import local_path

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WRONG = (
    "That does not fit. Write the six digits that the app shows now, or a recovery code you have not used."
)
NO_KEY = "The passkey could not be checked. Try again, or set up an app."
OVER = "The second step took too long or was wrong too often. Sign in again."


@blueprint.get("/sign-in/second")
@access(EVERYONE)
def second_step() -> ResponseReturnValue:
    """The question for the second factor, or the page that sets one up."""
    half = _half()
    return _page(half) if half else _nobody()


@blueprint.post("/sign-in/second")
@access(EVERYONE)
def try_second_step() -> ResponseReturnValue:
    """Look at a code or a passkey, and open the log-in where it fits."""
    half = _half()
    if half is None:
        return _nobody()
    try:
        return _proved(half) if half.factors.has_any else _set_up(half)
    except TooManyTriesError as error:
        return _page(half, {"code": error.sentence}), 429, {"Retry-After": str(error.extra["seconds"])}
    except (RuleError, ConflictError) as error:
        return _page(half, {str(error.extra.get("field", "code")): error.sentence}), error.status


def codes_page(codes: list[str], onward: str) -> str:
    """The recovery codes, shown this once."""
    return render_template("accounts/codes.html", codes=codes, onward=onward)


def _proved(half: Half) -> ResponseReturnValue:
    config, now, where, person = _config(), clock.now(), place(), _person(half)
    code, answer = request.form.get("code", ""), request.form.get("credential", "")
    home, challenge = home_of(config.base_url), proof_challenge(person, half.wrong, config)

    def work(s: "Session") -> tuple[Opened | None, Factors]:
        def fits() -> bool:
            if answer:
                return take_passkey(s, now, half.user_id, home, challenge, answer)
            return take_code(s, person_of(half, where), now, half.user_id, code, config.secret_key)

        return prove_second(s, now, half, where, config, fits), factors_of(s, half.user_id)

    opened, left = attempt(work)
    if opened is None:
        again = _half()
        return (_page(again, {"code": WRONG}), 422) if again else _nobody()
    _enter(opened)
    _tell_what_is_left(half.factors, left)
    return redirect(after_sign_in(request.form.get("next")), 303)


def _set_up(half: Half) -> ResponseReturnValue:
    config, now, where, person = _config(), clock.now(), place(), _person(half)
    actor, home = person_of(half, where), home_of(config.base_url)
    code, answer = request.form.get("code", ""), request.form.get("credential", "")
    made = made_key(home, new_key_challenge(person, config), answer) if home and answer else None
    if answer and made is None:
        raise RuleError(NO_KEY, field="name")

    def work(s: "Session") -> tuple[Opened, list[str]]:
        def add() -> list[str]:
            if made is not None:
                return add_passkey(s, actor, now, half.user_id, made, request.form.get("name", ""))
            secret = app_secret(person, config)
            return add_app(s, actor, now, half.user_id, secret, code, config.secret_key)

        return set_up_second(s, now, half, where, config, add)

    opened, codes = attempt(work)
    onward = local_path(request.form.get("next"))
    _enter(opened)
    return codes_page(codes, after_sign_in(onward))


def _enter(opened: Opened) -> None:
    if opened.person is not None:
        begin(opened.person, opened.token)


def _tell_what_is_left(before: Factors, after: Factors) -> None:
    if after.codes_left == before.codes_left:
        return
    said = f"You used a recovery code. {count(after.codes_left, 'code')} left."
    more = " Make new ones under My settings, Second factor." if after.codes_left <= FEW else ""
    flash(said + more, "due")


def _half() -> Half | None:
    """Whose second step this browser stands at."""
    token = session.get(HALF)
    if not token or current_user.is_authenticated:
        return None
    with reading() as s:
        return half_of(s, token, clock.now())


def _nobody() -> ResponseReturnValue:
    """There is no second step here: it was done, or it is over."""
    if current_user.is_authenticated:
        return redirect(after_sign_in(request.values.get("next")), 303)
    if session.pop(HALF, None):
        flash(OVER, "due")
    return redirect(url_for("accounts.sign_in", next=local_path(request.values.get("next"))), 303)


def _person(half: Half) -> Person:
    return Person(half.user_id, half.name, half.email, half.token, half.factors)


def _config() -> Config:
    found: Config = current_app.extensions["sixfold"]
    return found


def _page(half: Half, errors: dict[str, str] | None = None) -> str:
    config, person = _config(), _person(half)
    told = {
        "half": half,
        "errors": errors or {},
        "next": local_path(request.values.get("next")) or "",
        "name": request.form.get("name", ""),
    }
    if half.factors.has_any:
        return render_template(
            "accounts/second_step.html", question=question(person, half.wrong, config), **told
        )
    return render_template("accounts/first_factor.html", offer=offer(person, config), **told)
