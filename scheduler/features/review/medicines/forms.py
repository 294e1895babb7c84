"""The forms of the medicines: days and short texts, from a request to facts."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduler.features.review.medicines.entry import (
    LONGEST_DOSE,
    LONGEST_NAME,
    LONGEST_REASON,
    MedicineEntry,
)


@dataclass(frozen=True)
class Typed:
    """A form as it came, what is to be said about its fields, and which medicine it is about (0: a new)."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    medicine_id: int = 0

    def text(self, name: str) -> str:
        """One line, without the blanks around it."""
        line = " ".join(self.values.get(name, "").split())
        return "".join(sign for sign in line if unicodedata.category(sign) not in ("Cc", "Zl", "Zp", "Cs"))

    def day(self, name: str) -> date | None:
        """A day, None for an empty field; anything else is noted as an error."""
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.errors[name] = "Write the day as year, month and day, such as 2026-11-02."
            return None

    def short(self, name: str, empty: str, longest: int) -> str:
        """A text that is needed; what lacks or is too long is noted as an error."""
        text = self.text(name)
        if not text:
            self.errors[name] = empty
        elif len(text) > longest:
            self.errors[name] = f"Keep it below {longest} characters."
        return text


def read_medicine(form: Typed) -> MedicineEntry:
    """A new medicine; without `form.errors` it can be noted."""
    return MedicineEntry(
        form.short("name", "Write which medicine, such as sertraline.", LONGEST_NAME),
        form.short("dose", "Write how much and how often, such as 100 mg in the morning.", LONGEST_DOSE),
        form.day("from_day"),
        form.day("until_day"),
    )


def read_end(form: Typed) -> date | None:
    """The last day on which it was taken."""
    found = form.day("until_day")
    if found is None and not form.errors:
        form.errors["until_day"] = "Write the last day on which it was taken."
    return found


def read_reason(form: Typed) -> str:
    """Why it was a mistake."""
    return form.short("reason", "Write why it is struck out, such as wrong patient.", LONGEST_REASON)
