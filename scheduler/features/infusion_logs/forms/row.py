"""The forms of adverse events, rescue drugs and interruptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.errors import RuleError
from scheduler.features.infusion_logs.actions.rows import Entered
from scheduler.features.infusion_logs.forms.typed import Sent
from scheduler.features.infusion_logs.lists import OTHER_TERM, term_of
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.problems import Problem, Trouble
from scheduler.features.infusion_logs.rows import SPECS, Cell, RowKind


@dataclass(frozen=True)
class RowForm:
    """The line as it came; without `problems`, `entered` is what to write. `strikes`: it is struck out."""

    typed: dict[str, str]
    problems: list[Problem]
    entered: Entered
    strikes: bool


def read_row(kind: RowKind, sent: Sent, place: Place, now: datetime) -> RowForm:
    """Read a line; nothing raises. A needed time that is left empty means now."""
    cells = SPECS[kind].cells
    typed = {
        cell.name: sent.time(cell.name) if cell.kind == "time" else sent.text(cell.name) for cell in cells
    }
    typed |= {"reason": sent.text("reason")}
    row_id, key = sent.whole("row"), sent.key()
    strikes = sent.text("strike") == "1"
    problems: list[Problem] = []
    values: dict[str, object] = {}
    if row_id is None and key is None:
        sentence = "This line could not be read. Open the log again and write it there."
        problems.append(Problem("", Trouble.REFUSED, sentence))
    if not strikes:
        for cell in cells:
            try:
                values[cell.name] = _value(cell, typed, place, now)
            except RuleError as error:
                problems.append(Problem(cell.name, Trouble.REFUSED, error.sentence, typed[cell.name]))
    elif len(typed["reason"]) > 300:
        problems.append(Problem("reason", Trouble.REFUSED, "Keep the reason below 300 characters."))
    entered = Entered(kind, values, key or "", row_id, sent.whole("seen") or 0)
    return RowForm(typed, problems, entered, strikes)


def _value(cell: Cell, typed: Mapping[str, str], place: Place, now: datetime) -> object:
    text = typed[cell.name]
    if cell.kind == "time":
        return place.instant(text) if text else (now if cell.needs else None)
    if not text:
        if cell.needs or (cell.name == "note" and typed.get("term") == OTHER_TERM):
            raise RuleError(cell.needs or "Write what happened, because no term of the list says it.")
        return ""
    if cell.kind == "term":
        return _term(text)
    if cell.kind in ("choice", "grade"):
        if text not in dict(cell.options):
            raise RuleError(cell.needs)
        return int(text) if cell.kind == "grade" else text
    if len(text) > cell.longest:
        raise RuleError(f"Keep “{cell.label}” below {cell.longest} characters.")
    return text


def _term(text: str) -> str:
    found = term_of(text)
    if found is None:
        raise RuleError(
            f"“{text[:60]}” is not in the list. Choose a term, or “{OTHER_TERM}” and write it in words."
        )
    return found
