"""The form of an instrument: from lines of text to questions, answers and bands, and back.

Nothing raises: each field that can't be taken has a sentence in `errors`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from scheduler.features.ratings.instruments import Band, Change, Form, Instrument, Method, Recall, Wording
from scheduler.features.ratings.own.definition import OWN
from scheduler.features.ratings.own.licensed import licensed_name

LANGUAGES = (("en", "English"), ("es", "Spanish"))
WORDED = ("lead", "items", "answers", "lowest", "highest")
FIELDS = (
    "name", "licence", "licensed", "recall", "form", "clinician_rated", "method", "reversed", "crisis_item",
    "bands", "meaningful", "meaningful_source", "remission_at_most",
    *(f"{part}_{language}" for language, _ in LANGUAGES for part in WORDED),
)  # fmt: skip
MOST = {Form.NUMBERS: 10, Form.LINE: 100}
Choice = TypeVar("Choice", Recall, Form, Method)
ITEMS, ANSWERS, LONG, SHORT = 40, 11, 300, 80
BAND = re.compile(r"([0-9]{1,4})(?: *(?:-|–|to) *([0-9]{1,4}))?[ :,]+(\S.*)")
UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
COARSE = (
    "A mean of answers from 0 to {most} would be rounded to a whole number and lose too much. Take the sum: "
    "it puts patients in the same order."
)


@dataclass
class _Reading:
    """What is being read, and what was wrong with it."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def _is_clean(self, name: str, words: str) -> bool:
        """Whether nothing in it is invisible; spaces and ends of lines are gone by now."""
        if any(unicodedata.category(sign) in UNSEEN or sign == REPLACEMENT for sign in words):
            self.errors[name] = "It holds a character that can't be seen. Write it again by hand."
            return False
        return True

    def text(self, name: str, what: str, longest: int = SHORT, *, needed: bool = True) -> str:
        """One line."""
        found = " ".join(self.values.get(name, "").split())
        if not self._is_clean(name, found):
            return ""
        if len(found) > longest:
            self.errors[name] = f"Keep it below {longest} characters; it has {len(found)}."
        elif needed and not found:
            self.errors[name] = what
        return found

    def lines(self, name: str, longest: int) -> tuple[str, ...]:
        """The lines that hold something."""
        rows = (" ".join(line.split()) for line in self.values.get(name, "").splitlines())
        found = tuple(row for row in rows if row)
        if not all(self._is_clean(name, row) for row in found):
            return ()
        if any(len(row) > longest for row in found):
            self.errors[name] = f"Keep each line below {longest} characters."
        return found

    def number(self, name: str, most: int, what: str, least: int = 0) -> int | None:
        """A whole number, None where nothing stands."""
        typed = self.values.get(name, "").strip()
        if not typed:
            return None
        if re.fullmatch(r"[0-9]{1,4}", typed) and least <= int(typed) <= most:
            return int(typed)
        self.errors[name] = f"{what} Write a whole number from {least} to {most}, or nothing."
        return None


def read_instrument(values: Mapping[str, str]) -> tuple[Instrument | None, dict[str, str]]:
    """The instrument, or None and a sentence for each field that is wrong. Code and version come later."""
    reading = _Reading(values)
    name = reading.text("name", "Write the name by which staff know it.")
    licence = reading.text("licence", "Write where it comes from and why the clinic may use it.", LONG)
    short = licensed_name(name)
    if short and values.get("licensed") != "1":
        reading.errors["licensed"] = (
            f"{short} may not be used without a licence of its owner. Tick that the clinic holds one, "
            "or write another instrument."
        )
    recall = _one_of(reading, "recall", Recall)
    form = _one_of(reading, "form", Form)
    wordings = _wordings(reading, name, form or Form.WORDS)
    if recall is None or form is None or "en" not in wordings:
        return None, reading.errors
    most = MOST.get(form, len(wordings["en"].answers) - 1)
    found = _scored(reading, recall, form, most, wordings, licence)
    return (None if reading.errors else found), reading.errors


def typed_of(instrument: Instrument) -> dict[str, str]:
    """The form as it would have been typed."""
    change = instrument.meaningful
    typed = dict.fromkeys(FIELDS, "")
    typed |= {
        "name": instrument.name,
        "licence": instrument.licence,
        "licensed": "1" if licensed_name(instrument.name) else "",
        "recall": instrument.recall.value,
        "form": instrument.form.value,
        "clinician_rated": "1" if instrument.clinician_rated else "",
        "method": instrument.method.value,
        "reversed": ", ".join(str(at + 1) for at in sorted(instrument.reversed)),
        "crisis_item": "" if instrument.crisis_item is None else str(instrument.crisis_item + 1),
        "bands": "\n".join(f"{band.least}-{band.most} {band.name}" for band in instrument.bands),
        "meaningful": str(change.points) if change else "",
        "meaningful_source": change.source if change else "",
        "remission_at_most": ""
        if instrument.remission_at_most is None
        else str(instrument.remission_at_most),
    }
    for language, wording in instrument.wordings.items():
        typed[f"lead_{language}"] = wording.lead
        typed[f"items_{language}"] = "\n".join(wording.items)
        typed[f"answers_{language}"] = "\n".join(wording.answers)
        typed[f"lowest_{language}"], typed[f"highest_{language}"] = wording.lowest, wording.highest
    return typed


def _one_of(reading: _Reading, name: str, kind: type[Choice]) -> Choice | None:
    try:
        return kind(reading.values.get(name, ""))
    except ValueError:
        reading.errors[name] = "Choose one of the list."
        return None


def _wordings(reading: _Reading, name: str, form: Form) -> dict[str, Wording]:
    """The words in each language that has any; another language has as many of them as English."""
    english = _wording(reading, name, "en", form)
    found = {"en": english}
    if any(reading.values.get(f"{part}_es", "").strip() for part in WORDED):
        spanish = _wording(reading, name, "es", form)
        found["es"] = spanish
        for part in ("items", "answers"):
            here, there = len(getattr(spanish, part)), len(getattr(english, part))
            if here != there:
                reading.errors.setdefault(
                    f"{part}_es", f"English has {there} lines and Spanish {here}. Write one for each."
                )
    return found


def _wording(reading: _Reading, name: str, language: str, form: Form) -> Wording:
    items = reading.lines(f"items_{language}", LONG)
    if not 1 <= len(items) <= ITEMS:
        what = f"Write 1 to {ITEMS} questions, each on a line of its own."
        reading.errors.setdefault(f"items_{language}", what)
    lead = reading.text(f"lead_{language}", "", LONG, needed=False)
    if form is not Form.WORDS:
        what = "Write what this end of the scale means."
        ends = [reading.text(f"{end}_{language}", what) for end in ("lowest", "highest")]
        return Wording(name, lead, items, (), *ends)
    answers = reading.lines(f"answers_{language}", SHORT)
    if not 2 <= len(answers) <= ANSWERS:
        what = f"Write 2 to {ANSWERS} answers, each on a line of its own; the first counts 0."
        reading.errors.setdefault(f"answers_{language}", what)
    return Wording(name, lead, items, answers)


def _scored(
    reading: _Reading, recall: Recall, form: Form, most: int, wordings: Mapping[str, Wording], licence: str
) -> Instrument | None:
    """All of it, with the numbers that say what a total means; None where there is no method."""
    method = _one_of(reading, "method", Method)
    if method is None or most < 1:
        return None
    if method is Method.MEAN and most < MOST[Form.NUMBERS]:
        reading.errors["method"] = COARSE.format(most=most)
    length = len(wordings["en"].items)
    highest = length * most if method is Method.SUM else most
    points = reading.number("meaningful", max(highest, 1), "It can't be more than the total.", 1)
    source = reading.text(
        "meaningful_source", "Write who says so, such as a publication.", needed=points is not None
    )
    asked = reading.number("crisis_item", length, "There is no such question.", 1)
    return Instrument(
        code=OWN,
        version=0,
        recall=recall,
        least=0,
        most=most,
        wordings=wordings,
        licence=licence,
        form=form,
        method=method,
        reversed=_reversed(reading, length),
        bands=_bands(reading, highest),
        meaningful=Change(points, source) if points is not None else None,
        remission_at_most=reading.number("remission_at_most", highest, "It can't be more than the total."),
        clinician_rated=reading.values.get("clinician_rated") == "1",
        crisis_item=asked - 1 if asked is not None else None,
    )


def _reversed(reading: _Reading, length: int) -> frozenset[int]:
    """The positions of the questions that are counted from the other end."""
    typed = reading.values.get("reversed", "").replace(",", " ").split()
    if all(re.fullmatch(r"[0-9]{1,2}", each) and 1 <= int(each) <= length for each in typed):
        return frozenset(int(each) - 1 for each in typed)
    reading.errors["reversed"] = f"Write the numbers of questions from 1 to {length}, such as 2, 5."
    return frozenset()


def _bands(reading: _Reading, highest: int) -> tuple[Band, ...]:
    """Bands from 0 to the highest total, one after the other; or none."""
    found: list[Band] = []
    for line in reading.lines("bands", SHORT):
        parts = BAND.fullmatch(line)
        if parts is None:
            reading.errors["bands"] = f"“{line}” is no band. Write such as “0-4 minimal”, one on a line."
            return ()
        found.append(Band(int(parts[1]), int(parts[2] or parts[1]), parts[3]))
    ends = [-1, *(band.most for band in found)]
    fits = all(
        band.least == end + 1 and band.most >= band.least for band, end in zip(found, ends, strict=False)
    )
    if found and not (fits and ends[-1] == highest):
        reading.errors["bands"] = (
            f"The bands must follow one another without a gap, from 0 to {highest}, the highest total."
        )
    return tuple(found)
