"""Languages as files: `templates/mail/languages/<code>.toml` holds every word that a patient reads.

Templates say what stands where and a language file says it in words, so a new language is one new
file, and no template can be forgotten in one of them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scheduler.rendering.errors import RenderError

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LANGUAGES = TEMPLATES / "mail" / "languages"


@dataclass(frozen=True)
class Language:
    """One language: names of days and months, patterns of dates, phrases, its own banned words."""

    code: str
    name: str
    banned: tuple[str, ...]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    short_months: tuple[str, ...]
    am: str
    pm: str
    dates: Mapping[str, str]
    phrases: Mapping[str, Any]

    def say(self, key: str, **facts: object) -> str:
        """Give the phrase with the facts put in.

        `key` may name a phrase in a group ("reminder.subject"). A phrase that counts takes the
        fact `count` and chooses between its forms for one and for more.
        """
        phrase: Any = self.phrases
        for part in key.split("."):
            phrase = phrase[part]
        if not isinstance(phrase, str):
            phrase = phrase["one" if facts["count"] == 1 else "other"]
        return str(phrase).format_map(facts)


def codes() -> tuple[str, ...]:
    """Give the codes of the languages that ship, sorted."""
    return tuple(sorted(path.stem for path in LANGUAGES.glob("*.toml")))


@cache
def load(code: str) -> Language:
    """Read one language; raises RenderError for one that has no file."""
    if code not in codes():
        raise RenderError(f"There are no texts in the language {code}. Choose one of: {', '.join(codes())}.")
    raw = tomllib.loads((LANGUAGES / f"{code}.toml").read_text(encoding="utf-8"))
    return Language(
        code=code,
        name=raw["name"],
        banned=tuple(raw["banned"]),
        weekdays=tuple(raw["weekdays"]),
        months=tuple(raw["months"]),
        short_weekdays=tuple(raw["short_weekdays"]),
        short_months=tuple(raw["short_months"]),
        am=raw["am"],
        pm=raw["pm"],
        dates=raw["dates"],
        phrases=raw["phrases"],
    )
