"""What a screening's answers come to: criteria that count themselves, and what stands out. Nothing decides.

The numbers are those of CLINICAL.md, section 5: worry for at least six months with at least three of six
companions, and as many trials without response as the clinic asks for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.features.intake.screening.form.shape import NO, YES, Field, Form, Rows
from scheduler.features.intake.screening.values import Answers, lines_of
from scheduler.features.patients.age import is_minor

MONTHS, COMPANIONS = 6, 3
OF_MINOR = ("guardian_name", "guardian_signs")
"""What is needed of somebody under 18 alone."""


@dataclass(frozen=True)
class Lack:
    """A question without an answer, and the part where it stands."""

    words: str
    part: str


@dataclass(frozen=True)
class Reading:
    """What answers come to.

    `is_anxious` says whether the criteria are met, None while that is open; `companions` of the six are
    there, of `asked` that were answered. `trials` counted of `needed`. `risks` are the labels of those that
    were answered with yes, `concerns` other things that ask for the clinician's reason. `lacks` is what a
    "suitable" still needs. `is_crisis`: the notice stands on the page.
    """

    is_anxious: bool | None
    months: int | None
    companions: int
    asked: int
    trials: int
    needed: int
    risks: tuple[str, ...]
    concerns: tuple[str, ...]
    lacks: tuple[Lack, ...]
    is_crisis: bool
    is_minor: bool

    @property
    def needs_reason(self) -> bool:
        """Whether "suitable" has to be explained."""
        return bool(self.risks or self.concerns)


def read(form: Form, answers: Answers, today: date, needed: int) -> Reading:
    """What the answers come to on the day `today`, where `needed` trials without response are looked for."""
    months = int(answers["worry_months"]) if answers.get("worry_months") else None
    given = [answers.get(name, "") for name in form.companions]
    companions, asked = given.count(YES), len([one for one in given if one])
    is_anxious = _met(answers.get("worry", ""), months, companions, len(given) - asked)
    minor = bool(answers.get("birth_date")) and is_minor(date.fromisoformat(answers["birth_date"]), today)
    trials = counted_trials(form, answers)
    concerns = [
        ("The criteria of generalized anxiety disorder are not met", is_anxious is False),
        (f"{trials} of {needed} trials without response", trials < needed),
        ("Nobody can take them home", answers.get("escort") == NO),
    ]
    return Reading(
        is_anxious=is_anxious,
        months=months,
        companions=companions,
        asked=asked,
        trials=trials,
        needed=needed,
        risks=_risks(form, answers, minor),
        concerns=tuple(words for words, is_so in concerns if is_so),
        lacks=tuple(_lacks(form, answers, minor)),
        is_crisis=answers.get("suicidality") == YES,
        is_minor=minor,
    )


def counted_trials(form: Form, answers: Answers) -> int:
    """How many trials were of adequate dose and duration and without response."""
    rows = rows_of(form, "trials")
    return len(
        [one for one in lines_of(rows, answers) if one["adequate"] == YES and one["response"] == "none"]
    )


def _met(worry: str, months: int | None, companions: int, is_open: int) -> bool | None:
    """Whether the criteria are met; None where answers that are still missing may decide it."""
    if worry == NO or (months is not None and months < MONTHS) or companions + is_open < COMPANIONS:
        return False
    return True if worry == YES and months is not None and companions >= COMPANIONS else None


def _risks(form: Form, answers: Answers, minor: bool) -> tuple[str, ...]:
    found = [form.labels[name] for name in form.risks if answers.get(name) == YES]
    return (*found, "Under 18") if minor else tuple(found)


def _lacks(form: Form, answers: Answers, minor: bool) -> Iterator[Lack]:
    for part in form.parts:
        for each in part.asks:
            is_needed = isinstance(each, Field) and (each.is_needed or (minor and each.name in OF_MINOR))
            if is_needed and not answers.get(each.name):
                yield Lack(each.label, part.code)
    for name, question in (("medicines", "takes_medicines"), ("allergies", "has_allergies")):
        rows = rows_of(form, name)
        has_lines = bool(lines_of(rows, answers))
        if answers.get(question) == YES and not has_lines:
            yield Lack(f"{rows.label}: none is written", "medicines")
        elif answers.get(question) == NO and has_lines:
            yield Lack(f"{rows.label}: some are written, and the answer is no", "medicines")


def rows_of(form: Form, name: str) -> Rows:
    """The list of this name."""
    return next(
        each for part in form.parts for each in part.asks if isinstance(each, Rows) and each.name == name
    )
