"""What somebody notes of a medicine."""

from dataclasses import dataclass
from datetime import date

LONGEST_NAME, LONGEST_DOSE, LONGEST_REASON = 80, 80, 300


@dataclass(frozen=True)
class MedicineEntry:
    """A medicine at a dose; `from_day` None: taken since before the course, `until_day` None: taken on."""

    name: str
    dose: str
    from_day: date | None
    until_day: date | None
