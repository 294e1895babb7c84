"""The forms of a consent: its name and where it is needed, and its words in each language.

Nothing raises: each field that can't be taken has a sentence in `errors`.
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from scheduler.features.intake.consents.prose import clean_text
from scheduler.rendering.language import codes

NAME, TITLE, TEXT = 80, 120, 20_000
WORDS = tuple(f"{part}_{code}" for code in codes() for part in ("title", "text"))
UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp", "Co"})
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\N{REPLACEMENT CHARACTER}")
"""Marks that turn the direction of what follows, so that a text reads otherwise than it is kept."""
HIDDEN = "It holds a character that can't be seen. Write it again by hand."
FIRST = "en"
"""The language that every text is written in: who has no other reads this one."""

Words = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Where:
    """The name by which staff know a consent, and where it is needed; empty means everywhere."""

    name: str
    protocol_ids: tuple[int, ...] = ()
    site_ids: tuple[int, ...] = ()


@dataclass
class Read:
    """What was read, and what was wrong with it."""

    errors: dict[str, str] = field(default_factory=dict)

    def line(self, name: str, typed: str, longest: int, needed: str) -> str:
        """One line; `needed` is said where it is empty, unless it is empty itself."""
        found = " ".join(typed.split())
        if not found and needed:
            self.errors[name] = needed
        elif len(found) > longest:
            self.errors[name] = f"Keep it below {longest} characters; it has {len(found)}."
        elif hides(found):
            self.errors[name] = HIDDEN
        return found

    def text(self, name: str, typed: str, needed: str) -> str:
        """Paragraphs."""
        found = clean_text(typed)
        if not found and needed:
            self.errors[name] = needed
        elif len(found) > TEXT:
            self.errors[name] = f"Keep it below {TEXT:,} characters; it has {len(found):,}."
        elif hides(found.replace("\n", "")):
            self.errors[name] = HIDDEN
        return found


def hides(words: str) -> bool:
    """Whether a character in it can't be seen, so that two texts could look alike and differ."""
    return any(unicodedata.category(sign) in UNSEEN or sign in TURNING for sign in words)


def read_where(
    name: str, protocols: Collection[str], sites: Collection[str], known: tuple[set[int], set[int]]
) -> tuple[Where, dict[str, str]]:
    """Where it is needed; `known` are the protocols and sites there are."""
    read = Read()
    said = read.line("name", name, NAME, "Write the name by which staff know it.")
    chosen = []
    for part, typed, ids in (("protocols", protocols, known[0]), ("sites", sites, known[1])):
        numbers = {int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 10}
        if len(numbers) != len(set(typed)) or not numbers <= ids:
            read.errors[part] = "Choose some of the list, or none for all of them."
        chosen.append(tuple(sorted(numbers & ids)))
    return Where(said, *chosen), read.errors


def read_words(typed: Mapping[str, str]) -> tuple[Words, dict[str, str]]:
    """The words by language. English is needed; another language has both a title and a text, or neither."""
    read, found = Read(), Words()
    for code in codes():
        is_needed = code == FIRST or any(
            typed.get(f"{part}_{code}", "").strip() for part in ("title", "text")
        )
        if not is_needed:
            continue
        found[code] = {
            "title": read.line(
                f"title_{code}", typed.get(f"title_{code}", ""), TITLE, "Write the title that patients read."
            ),
            "text": read.text(f"text_{code}", typed.get(f"text_{code}", ""), "Write what is consented to."),
        }
    return found, read.errors


def typed_words(words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The form as it would have been typed."""
    return {
        f"{part}_{code}": words.get(code, {}).get(part, "") for code in codes() for part in ("title", "text")
    }
