"""A passkey made of software, which signs what a browser would sign. It does not count its uses."""

import hashlib
import json

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED = 1, 4
CREDENTIAL = b"the passkey of the tests"


class SoftKey:
    """One key pair, for the site of `origin`."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> bytes:
        """The public half as it is stored (COSE, ES256)."""
        numbers = self._key.public_key().public_numbers()
        return cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )

    def answer(self, challenge: str, *, origin: str = "", flags: int = PRESENT | VERIFIED) -> str:
        """What the browser sends for a challenge (in base64url), as JSON."""
        told = {"type": "webauthn.get", "challenge": challenge, "origin": origin or self.origin}
        client = json.dumps(told).encode()
        site = hashlib.sha256(self.origin.split("://")[1].encode()).digest()
        data = site + bytes([flags]) + bytes(4)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        name = bytes_to_base64url(CREDENTIAL)
        response = {part: bytes_to_base64url(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
