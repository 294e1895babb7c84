"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is true.

A passkey belongs to a name on the net, the one of the configured base URL, and works nowhere else: that is
what makes a copied sign-in page worthless. A bare number such as 127.0.0.1 is no name: there are none then.
No attestation is asked for: which make a key is of is nobody's business here.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

TIMEOUT_MS = 120_000
REFUSALS = (WebAuthnException, ValueError, TypeError, KeyError, RecursionError)
"""An answer that somebody made up can break the reader in any of these ways; all mean no."""


@dataclass(frozen=True)
class Home:
    """Where passkeys are at home: `name` is the host, `origin` what a browser says the page came from."""

    name: str
    origin: str


@dataclass(frozen=True)
class NewKey:
    """A passkey that has just been made: what is kept of it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def home_of(base_url: str) -> Home | None:
    """The home by the configured address; None where browsers make no passkeys for it."""
    parts = urlsplit(base_url)
    name = parts.hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return Home(name, f"{parts.scheme}://{parts.netloc}") if _is_safe(parts.scheme, name) else None
    return None


def asked_for_new(
    home: Home, challenge: bytes, user_id: int, email: str, name: str, known: Sequence[bytes]
) -> str:
    """What a browser is asked to make a key with, as JSON; `known` are the person's other keys."""
    options = generate_registration_options(
        rp_id=home.name,
        rp_name="Sixfold",
        user_id=f"sixfold-{user_id}".encode(),
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def asked_to_prove(home: Home, challenge: bytes, known: Sequence[bytes]) -> str:
    """What a browser is asked to prove a key with, as JSON; any key of its owner's choice without `known`.

    A key that stands for the password as well has to know its owner, by finger, face or PIN.
    """
    verified = UserVerificationRequirement.PREFERRED if known else UserVerificationRequirement.REQUIRED
    options = generate_authentication_options(
        rp_id=home.name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=verified,
    )
    return options_to_json(options)


def made_key(home: Home, challenge: bytes, answer: str) -> NewKey | None:
    """The key that a browser made; None where its answer is not true."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=home.name,
            expected_origin=home.origin,
        )
    except REFUSALS:
        return None
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


def named_key(answer: str) -> bytes | None:
    """Which key an answer speaks of."""
    try:
        return parse_authentication_credential_json(answer).raw_id
    except REFUSALS:
        return None


def signed_challenge(answer: str) -> bytes | None:
    """What an answer says that it signed."""
    try:
        written = parse_authentication_credential_json(answer).response.client_data_json
        return parse_client_data_json(written).challenge
    except REFUSALS:
        return None


def proved_count(
    home: Home, challenge: bytes, answer: str, public_key: bytes, count: int, *, verified: bool = False
) -> int | None:
    """The new count of a key that signed the challenge; None where the answer is not true.

    A count that has not risen means that the key was copied, and is refused. `verified` asks that the key
    knew its owner.
    """
    try:
        proved = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=home.name,
            expected_origin=home.origin,
            credential_public_key=public_key,
            credential_current_sign_count=count,
            require_user_verification=verified,
        )
    except REFUSALS:
        return None
    return proved.new_sign_count


def _is_safe(scheme: str, name: str) -> bool:
    """Whether browsers call the address secure, which they ask of passkeys."""
    return scheme == "https" or name == "localhost"
