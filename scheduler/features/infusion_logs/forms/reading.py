"""The form of one row of vitals."""

from dataclasses import dataclass, replace

from scheduler.errors import RuleError
from scheduler.features.infusion_logs.actions.vitals import Correction, Measured
from scheduler.features.infusion_logs.domain.limits import LIMITS
from scheduler.features.infusion_logs.domain.numbers import read_number
from scheduler.features.infusion_logs.forms.typed import Sent
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.problems import Problem, Trouble
from scheduler.features.infusion_logs.values import within

MEASURES = ("sbp", "dbp", "pulse", "spo2", "sedation")
LONGEST = 300


@dataclass(frozen=True)
class ReadingForm:
    """The row as it came; without `problems`, `measured` is what to write."""

    typed: dict[str, str]
    problems: list[Problem]
    measured: Measured | None = None
    correction: Correction | None = None


def read_reading(sent: Sent, place: Place) -> ReadingForm:
    """Read the row; nothing raises, what is wrong stands in `problems`."""
    typed = {name: sent.text(name) for name in (*MEASURES, "reason", "withdrawn")} | {
        "taken": sent.time("taken")
    }
    problems: list[Problem] = []
    measured = Measured(sent.key() or "")
    if not measured.key:
        problems.append(
            _refused("", "This row could not be read. Open the log again and write it there.", typed)
        )
    withdrawn = bool(typed["withdrawn"])
    if typed["taken"]:
        try:
            measured = replace(measured, taken_at=place.instant(typed["taken"]))
        except RuleError as error:
            problems.append(_refused("taken", error.sentence, typed))
    if not withdrawn:
        values = {name: _measure(name, typed, sent.sure(), problems) for name in MEASURES}
        problems += _together(values, typed)
        measured = Measured(measured.key, measured.taken_at, **values)
    if len(typed["reason"]) > LONGEST:
        problems.append(_refused("reason", f"Keep the reason below {LONGEST} characters.", typed))
    replaces = sent.whole("replaces")
    correction = Correction(replaces, typed["reason"], withdrawn) if replaces is not None else None
    return ReadingForm(typed, problems, None if problems else measured, correction)


def _measure(name: str, typed: dict[str, str], sure: frozenset[str], problems: list[Problem]) -> int | None:
    text, limit = typed[name], LIMITS[name]
    if not text:
        return None
    number = read_number(text)
    if number is None or number.denominator != 1:
        problems.append(_refused(name, f"Write {limit.name.lower()} as a whole number.", typed))
        return None
    try:
        asked = Problem(name, Trouble.ASK, within(limit, number, f"{text} {limit.unit}"), text)
    except RuleError as error:
        problems.append(_refused(name, error.sentence, typed))
        return None
    if asked.sentence and asked.answer not in sure:
        problems.append(asked)
    return int(number)


def _together(values: dict[str, int | None], typed: dict[str, str]) -> list[Problem]:
    if not any(typed[name] for name in MEASURES):
        return [_refused("sbp", "Write at least one value.", typed)]
    high, low = values["sbp"], values["dbp"]
    if high is not None and low is not None and low >= high:
        sentence = f"{low} can't be the lower pressure beside {high}. Write them again."
        return [_refused("dbp", sentence, typed)]
    if low is not None and not typed["sbp"]:
        return [_refused("sbp", "Write the systolic pressure too.", typed)]
    return []


def _refused(name: str, sentence: str, typed: dict[str, str]) -> Problem:
    return Problem(name, Trouble.REFUSED, sentence, typed.get(name, ""))
