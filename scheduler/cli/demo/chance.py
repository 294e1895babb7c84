"""Chance that is the same every time: one stream of it for each subject.

Each part of the clinic draws from a stream of its own, named for what it decides, so that a change to
the patients' birthdays doesn't shuffle the courses. Seeding with a text goes through SHA-512 and so gives
the same numbers on every machine.
"""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, subject: str) -> Random:
    """The stream of `subject` in the clinic of this seed."""
    return Random(f"sixfold {seed} {subject}")  # noqa: S311 - a demo clinic, no secret


def pick(chance: Random, shares: Mapping[T, int]) -> T:
    """One key, each as likely as its share says."""
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def uuid_text(chance: Random) -> str:
    """A random identifier in the form of a UUID (version 4), from the stream."""
    text = f"{chance.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[int(text[16], 16) % 4]}{text[17:20]}-{text[20:]}"
