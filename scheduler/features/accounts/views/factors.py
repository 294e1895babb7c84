"""The own second factor: set up, added to, taken away. Who opens the page gives the password first.

A log-in that somebody left open for a moment must not be enough to put another key on the door.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.config import Config
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.accounts.actions.attempts import attempt_succeeded
from scheduler.features.accounts.actions.factors import (
    add_app,
    add_passkey,
    remove_app,
    remove_passkey,
    rename_passkey,
    renew_codes,
)
from scheduler.features.accounts.actions.own import WRONG, prove_own_password
from scheduler.features.accounts.factors.needs import needs_factor
from scheduler.features.accounts.factors.offers import Person, app_secret, new_key_challenge, offer
from scheduler.features.accounts.factors.passkeys import home_of, made_key
from scheduler.features.accounts.factors.queries import factors_of
from scheduler.features.accounts.queries import user
from scheduler.features.accounts.throttle import TooManyTriesError
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.features.accounts.views.me import checked_password
from scheduler.features.accounts.views.second_step import NO_KEY, codes_page
from scheduler.web import STAFF, access, attempt, current_actor, reading

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PROOF_LASTS = timedelta(minutes=10)
DONE = {
    "app": "The app is set up. From the next log-in on you are asked for its code.",
    "passkey": "The passkey is set up.",
    "rename-passkey": "The passkey has its new name.",
    "drop-app": "The app is taken away.",
    "drop-passkey": "The passkey is taken away.",
}


@blueprint.get("/me/factor")
@access(STAFF)
def my_factors() -> ResponseReturnValue:
    """What the person has, or the question for their password."""
    return _page({})


@blueprint.post("/me/factor")
@access(STAFF)
def change_my_factors() -> ResponseReturnValue:
    """Give the password, or, after it, change one thing."""
    try:
        if request.form.get("do") == "prove":
            return _prove()
        if not _is_proved():
            return _page({"present": "Write your password once more, then do it again."}), 422
        return _change(request.form.get("do", ""))
    except TooManyTriesError as error:
        return _page({"present": error.sentence}), 429, {"Retry-After": str(error.extra["seconds"])}
    except (RuleError, ConflictError, NotFoundError) as error:
        return _page({str(error.extra.get("field", "")): error.sentence}), error.status


def _prove() -> ResponseReturnValue:
    checked, number = checked_password(request.form.get("present", ""))
    now, actor = clock.now(), current_actor()

    def work(s: "Session") -> bool:
        fits = prove_own_password(s, actor, now, current_user.user_id, current_user.session_id, checked)
        if fits:
            attempt_succeeded(s, number)
        return fits

    if not attempt(work):
        return _page({"present": WRONG}), 422
    return redirect(url_for("accounts.my_factors"), 303)


def _change(what: str) -> ResponseReturnValue:
    now, actor, person = clock.now(), current_actor(), _person()
    who, name = current_user.user_id, request.form.get("name", "")
    deeds: dict[str, Callable[[Session], list[str] | None]] = {
        "app": lambda s: _add_app(s, person),
        "passkey": lambda s: _add_passkey(s, person),
        "codes": lambda s: renew_codes(s, actor, now, who),
        "rename-passkey": lambda s: rename_passkey(s, actor, now, who, _number("passkey"), name),
        "drop-app": lambda s: remove_app(s, actor, now, who),
        "drop-passkey": lambda s: remove_passkey(s, actor, now, who, _number("passkey")),
    }
    if what not in deeds:
        raise RuleError("Choose one of the buttons.", field="")
    codes = attempt(deeds[what])
    if codes:
        return codes_page(codes, url_for("accounts.my_factors"))
    flash(DONE[what], "ok")
    return redirect(url_for("accounts.my_factors"), 303)


def _add_app(s: "Session", person: Person) -> list[str]:
    config, code = _config(), request.form.get("code", "")
    secret = app_secret(person, config)
    return add_app(s, current_actor(), clock.now(), person.user_id, secret, code, config.secret_key)


def _add_passkey(s: "Session", person: Person) -> list[str]:
    config = _config()
    home = home_of(config.base_url)
    answer = request.form.get("credential", "")
    made = made_key(home, new_key_challenge(person, config), answer) if home else None
    if made is None:
        raise RuleError(NO_KEY, field="name")
    return add_passkey(s, current_actor(), clock.now(), person.user_id, made, request.form.get("name", ""))


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _is_proved() -> bool:
    proved_at = current_user.proved_at
    return proved_at is not None and clock.now() - proved_at < PROOF_LASTS


def _person() -> Person:
    with reading() as s:
        found = user(s, current_user.user_id)
        return Person(found.id, found.name, found.email, current_user.token, factors_of(s, found.id))


def _config() -> Config:
    found: Config = current_app.extensions["sixfold"]
    return found


def _page(errors: dict[str, str]) -> str:
    person = _person()
    if not _is_proved():
        return render_template("accounts/prove.html", person=person, errors=errors)
    with reading() as s:
        needed = needs_factor(s, user(s, person.user_id))
    return render_template(
        "accounts/factors.html",
        person=person,
        factors=person.factors,
        offer=offer(person, _config()),
        needed=needed,
        name=request.form.get("name", ""),
        renamed=_number("passkey"),
        errors=errors,
    )
