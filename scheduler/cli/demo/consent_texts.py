"""The consents of the demo clinic, read from the file beside this one: examples of what a clinic writes."""

import tomllib
from functools import cache
from pathlib import Path

from scheduler.features.intake.consents.texts.form import Words

FILE = Path(__file__).with_suffix(".toml")


@cache
def example(name: str) -> Words:
    """One of them ("treatment", "privacy", "visitors"): title and text by language."""
    found: Words = tomllib.loads(FILE.read_text(encoding="utf-8"))[name]
    return found
