"""What the sign-in form sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.features.accounts.passwords import LONGEST

EMAIL_LENGTH = 254  # RFC 5321: no longer address can receive mail.


@dataclass(frozen=True)
class SignInForm:
    """An e-mail address and a password as typed, and what is missing, by field."""

    email: str = ""
    password: str = field(default="", repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)


def read_sign_in(values: Mapping[str, str]) -> SignInForm:
    """Read the form; `errors` says what has to be written before anything is tried."""
    email, password = values.get("email", ""), values.get("password", "")
    errors = {}
    if not email.strip():
        errors["email"] = "Write your e-mail address."
    elif len(email) > EMAIL_LENGTH:
        errors["email"] = f"An e-mail address has at most {EMAIL_LENGTH} characters."
    if not password:
        errors["password"] = "Write your password."  # noqa: S105 - a sentence
    elif len(password) > LONGEST:
        errors["password"] = f"A password has at most {LONGEST} characters."
    return SignInForm(email, password, errors)
