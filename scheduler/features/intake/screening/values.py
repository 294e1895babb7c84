"""Answers: from what was typed to what is kept, and from what is kept to words."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from scheduler.errors import RuleError
from scheduler.features.intake.screening.form.shape import Field, Form, Kind, Rows

EARLIEST = date(1900, 1, 1)
Answers = Mapping[str, str]


def read_answer(field: Field, typed: str, today: date) -> str:
    """The text that is kept; empty for no answer. Raises RuleError that says what to write."""
    text = clean_lines(typed) if field.kind is Kind.LONG else clean(typed)
    return _checked(field, text, today) if text else ""


def _checked(field: Field, text: str, today: date) -> str:
    if field.kind is Kind.CHOICE:
        if text not in dict(field.options):
            raise RuleError(f"{field.label}: choose one of the answers.")
    elif field.kind is Kind.WHOLE:
        if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) > field.most:
            raise RuleError(f"{field.label}: write a whole number from 0 to {field.most}.")
        return str(int(text))
    elif field.kind is Kind.DATE:
        _check_day(field, text, today)
    elif len(text) > field.most:
        raise RuleError(f"{field.label}: keep it below {field.most} characters.")
    return text


def clean(typed: str) -> str:
    """One line without the blanks around it and without signs that can't be seen."""
    line = " ".join(typed.split())
    return "".join(sign for sign in line if unicodedata.category(sign) not in ("Cc", "Zl", "Zp", "Cs"))


def clean_lines(typed: str) -> str:
    """Several lines, each of them clean."""
    return "\n".join(clean(line) for line in re.split(r"\r\n|\r|\n", typed)).strip()


def said(field: Field, answer: str) -> str:
    """An answer in words, such as `Yes` or `14 Mar 1986`."""
    if field.kind is Kind.DATE and answer:
        day = date.fromisoformat(answer)
        return f"{day.day} {day:%b %Y}"
    return dict(field.options).get(answer, answer) if field.kind is Kind.CHOICE else answer


def lines_of(rows: Rows, answers: Answers) -> list[dict[str, str]]:
    """The lines of a list that hold anything, in their order: the answers by the name of the cell."""
    found = []
    for line in range(1, rows.most + 1):
        cells = {cell.name: answers.get(rows.cell(line, cell), "") for cell in rows.cells}
        if any(cells.values()):
            found.append(cells)
    return found


def line_words(rows: Rows, cells: Mapping[str, str]) -> str:
    """One line of a list, such as `Sertraline, 200 mg, Weeks: 10, Dose and duration adequate: Yes`."""
    words = []
    for cell in rows.cells:
        answer = said(cell, cells[cell.name])
        if answer:
            words.append(answer if cell.kind is Kind.TEXT else f"{cell.label}: {answer}")
    return ", ".join(words)


def in_words(form: Form, answers: Answers) -> dict[str, tuple[str, ...]]:
    """Every question and list by its name, with its answer: none, one, or a line each."""
    found: dict[str, tuple[str, ...]] = {}
    for part in form.parts:
        for each in part.asks:
            if isinstance(each, Rows):
                found[each.name] = tuple(line_words(each, line) for line in lines_of(each, answers))
            else:
                words = said(each, answers.get(each.name, ""))
                found[each.name] = (words,) if words else ()
    return found


def _check_day(field: Field, text: str, today: date) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RuleError(f"{field.label}: write it as year, month and day, such as 1986-03-14.") from None
    if not EARLIEST <= day <= today:
        raise RuleError(f"{field.label}: write it again, that day can't be.")
