"""What is offered to somebody who sets up a second factor or is asked for one. Nothing of it is stored."""

from dataclasses import dataclass

from scheduler.config import Config
from scheduler.features.accounts.factors.app_codes import grouped, qr_code, secret_from
from scheduler.features.accounts.factors.passkeys import asked_for_new, asked_to_prove, home_of
from scheduler.features.accounts.factors.queries import Factors
from scheduler.features.accounts.factors.sealing import derived

ISSUER = "Sixfold"


@dataclass(frozen=True)
class Person:
    """Who is at the page, in the log-in (whole or half) with the secret `token`."""

    user_id: int
    name: str
    email: str
    token: str
    factors: Factors


@dataclass(frozen=True)
class Offer:
    """A secret for an app, as it is read by a phone and by a person; what a browser makes a passkey with.

    `new_key` is empty where the clinic's address can have no passkeys.
    """

    secret: str
    picture: str
    words: str
    new_key: str


def offer(person: Person, config: Config) -> Offer:
    """The same each time until something is set up."""
    secret = app_secret(person, config)
    home = home_of(config.base_url)
    new_key = ""
    if home is not None:
        known = [each.credential_id for each in person.factors.passkeys]
        challenge = new_key_challenge(person, config)
        new_key = asked_for_new(home, challenge, person.user_id, person.email, person.name, known)
    return Offer(secret, qr_code(secret, person.email, ISSUER), grouped(secret), new_key)


def app_secret(person: Person, config: Config) -> str:
    """The secret of the app that the person would set up now."""
    return secret_from(derived("app", person.token, person.factors.app_since, config.secret_key))


def new_key_challenge(person: Person, config: Config) -> bytes:
    """What a new passkey signs; another one as soon as there is one key more or less."""
    ids = [each.id for each in person.factors.passkeys]
    return derived("new passkey", person.token, ids, config.secret_key)


def question(person: Person, wrong: int, config: Config) -> str:
    """What a browser is asked to prove a passkey with; empty where the person has none."""
    home = home_of(config.base_url)
    known = [each.credential_id for each in person.factors.passkeys]
    return asked_to_prove(home, proof_challenge(person, wrong, config), known) if home and known else ""


def proof_challenge(person: Person, wrong: int, config: Config) -> bytes:
    """What a passkey signs at the second step; another one after each wrong answer."""
    return derived("passkey", person.token, wrong, config.secret_key)
