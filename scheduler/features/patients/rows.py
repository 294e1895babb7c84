"""Adding and taking away lines of the form with its own buttons, so that it needs no script."""

from dataclasses import replace
from typing import TypeVar

from scheduler.features.patients.away import AwayRow
from scheduler.features.patients.forms import MOST_ROWS, PatientForm
from scheduler.features.patients.times import HoursRow

Row = TypeVar("Row")


def changed_rows(form: PatientForm, do: str) -> PatientForm | None:
    """The form after `add-hours`, `add-away`, `drop-hours-2` or `drop-away-0`; None for any other button."""
    if do == "add-hours":
        return replace(form, hours=(*form.hours, HoursRow())[:MOST_ROWS])
    if do == "add-away":
        return replace(form, away=(*form.away, AwayRow())[:MOST_ROWS])
    verb, _, number = do.rpartition("-")
    if verb == "drop-hours" and number.isdecimal():
        return replace(form, hours=_without(form.hours, int(number)))
    if verb == "drop-away" and number.isdecimal():
        return replace(form, away=_without(form.away, int(number)))
    return None


def _without(rows: tuple[Row, ...], number: int) -> tuple[Row, ...]:
    return rows[:number] + rows[number + 1 :]
