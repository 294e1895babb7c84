"""The questions of one occasion as a sheet: one screen for each question, in the patient's language; and what
came back of it. Pure.

A sheet never holds an earlier answer. A question may be left out: a form that comes back with gaps is asked
about once, and the answers that are there stay typed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.features.ratings.instruments import Form, Instrument
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.scoring import is_answer

WITHOUT = "without"
"""The field that says: send it, though questions have no answer."""


@dataclass(frozen=True)
class Screen:
    """One question. `name` is the field; `choices` are values with their words, empty for a line.

    `crisis_from` is the least value after which the crisis notice stands on the screen; None for no notice.
    """

    name: str
    language: str
    lead: str
    question: str
    form: Form
    least: int
    most: int
    choices: tuple[tuple[int, str], ...]
    lowest: str
    highest: str
    crisis_from: int | None


@dataclass(frozen=True)
class Sheet:
    """What came back: the answers by instrument, the fields that have none, and those that can't be read."""

    typed: Mapping[str, str]
    answers: Mapping[Key, tuple[int | None, ...]]
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    without: bool

    @property
    def trouble(self) -> str:
        """What keeps it from being taken: a phrase, or empty."""
        if self.wrong:
            return "wrong"
        if all(answer is None for answers in self.answers.values() for answer in answers):
            return "nothing"
        return "missing" if self.missing and not self.without else ""


def screens(asked: Sequence[Instrument], language: str) -> list[Screen]:
    """One screen for each question of these instruments."""
    found = []
    for instrument in asked:
        found += [_screen(instrument, at, language) for at in range(instrument.length)]
    return found


def _screen(instrument: Instrument, at: int, language: str) -> Screen:
    wording = instrument.wording(language)
    values = range(instrument.least, instrument.most + 1)
    words = wording.answers or tuple(str(value) for value in values)
    is_line = instrument.form is Form.LINE
    return Screen(
        name=_field(instrument, at),
        language=instrument.language(language),
        lead=wording.lead,
        question=wording.items[at],
        form=instrument.form,
        least=instrument.least,
        most=instrument.most,
        choices=() if is_line else tuple(zip(values, words, strict=True)),
        lowest=wording.lowest,
        highest=wording.highest,
        crisis_from=1 if at == instrument.crisis_item else None,
    )


def read_sheet(values: Mapping[str, str], asked: Sequence[Instrument]) -> Sheet:
    """Read the form. Nothing raises: what can't be read stands in `wrong`."""
    typed: dict[str, str] = {}
    wrong: list[str] = []
    missing: list[str] = []
    answers: dict[Key, tuple[int | None, ...]] = {}
    for instrument in asked:
        found: list[int | None] = []
        for at in range(instrument.length):
            name = _field(instrument, at)
            typed[name] = values.get(name, "").strip()[:10]
            answer = int(typed[name]) if re.fullmatch(r"[0-9]{1,3}", typed[name]) else None
            if typed[name] and not is_answer(instrument, answer):
                wrong.append(name)
            elif answer is None:
                missing.append(name)
            found.append(answer)
        answers[instrument.key] = tuple(found)
    return Sheet(typed, answers, tuple(missing), tuple(wrong), values.get(WITHOUT) == "1")


def read_age(values: Mapping[str, str]) -> int:
    """How many seconds ago the last answer was given, as the phone counted them; 0 for anything else.

    A phone's clock may be wrong, so it sends how long it waited and not when that was.
    """
    text = values.get("age", "")
    return int(text) if re.fullmatch(r"[0-9]{1,7}", text) else 0


def _field(instrument: Instrument, at: int) -> str:
    return f"{instrument.code}-{at}"
