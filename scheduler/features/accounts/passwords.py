"""Passwords: Argon2id, and rules that ask for length instead of odd characters.

An unknown e-mail address costs as much as a wrong password: `Hasher.check` without a stored hash
verifies against a dummy of the same strength, so that the time tells nobody who works here.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

SHORTEST = 12
LONGEST = 256
LOOKED_AT = 72  # zxcvbn takes no more; a longer password is judged by its beginning.
STRONG_ENOUGH = 3  # of 0 to 4: safe against guessing at the speed of a server (zxcvbn's own scale).
CLINIC_WORDS = (
    "sixfold", "clinic", "infusion", "ketamine", "patient", "nurse", "doctor", "clinician", "reception",
    "frontdesk", "front desk", "chair", "course", "loading", "booster", "anxiety", "depression", "welcome",
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """Whether a password fits `stored`, and what to store instead where that is of another strength."""

    fits: bool
    stored: str | None = None
    new_hash: str | None = None


@dataclass(frozen=True)
class Hasher:
    """Argon2id with RFC 9106's second recommendation: 64 MiB, three passes, four lanes.

    Tests hand in a cheap one; everything else uses `STRONG`.
    """

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4

    @cached_property
    def _argon2(self) -> PasswordHasher:
        return PasswordHasher(
            time_cost=self.passes, memory_cost=self.memory_kib, parallelism=self.lanes, type=Type.ID
        )

    @cached_property
    def _dummy(self) -> str:
        return self._argon2.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The text to store."""
        return self._argon2.hash(_normal(password))

    def check(self, stored: str | None, password: str) -> Checked:
        """Compare, in the same time whether there is a `stored` hash or not."""
        try:
            self._argon2.verify(stored or self._dummy, _normal(password))
        except (VerificationError, InvalidHashError):
            return Checked(fits=False)
        if stored is None:
            return Checked(fits=False)
        stale = self._argon2.check_needs_rehash(stored)
        return Checked(fits=True, stored=stored, new_hash=self.hash(password) if stale else None)


STRONG = Hasher()


def password_problem(password: str, about: tuple[str, ...] = ()) -> str | None:
    """Why `password` can't be taken, as a sentence that says what to do; None where it is good.

    `about` are words an attacker would try first: the person's name and e-mail address.
    """
    normal = _normal(password)
    if len(normal) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Four words in a row are easy to keep in mind."
    if len(normal) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if zxcvbn(normal[:LOOKED_AT], user_inputs=[*_known(about), *CLINIC_WORDS])["score"] < STRONG_ENOUGH:
        return "That password is too easy to guess. Use a few words that do not belong together."
    return None


def _known(about: tuple[str, ...]) -> list[str]:
    """Each text whole, run together, and word by word."""
    known = []
    for text in about:
        words = re.split(r"[\s@._-]+", text)
        known += [text, "".join(words), *words]
    return [word for word in known if word]


def _normal(password: str) -> str:
    """One form for what different keyboards send (NIST SP 800-63B asks for NFKC or NFKD)."""
    return unicodedata.normalize("NFKC", password)
