"""The visits that already stand, as columns.

A page that proposes dates reads five to ten thousand visits. As objects that would
cost more than planning does, so they are five integer columns of one length.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.planning.clinic import Clinic

Column = NDArray[np.int32]

NO_CHAIR = -1
"""Chair of a visit whose chair is no longer in use: it still takes the nurses' attention."""


@dataclass(frozen=True, eq=False)
class Bookings:
    """Standing visits, row by row.

    site: position in `Clinic.sites`; chair: position in `Clinic.chairs` or `NO_CHAIR`;
    day: `date.toordinal()` of the local day; slot: local minute of the day divided by
    `slot_min`; type: position in `Clinic.session_types`.
    """

    site: Column
    chair: Column
    day: Column
    slot: Column
    type: Column

    def __post_init__(self) -> None:
        for field in fields(self):
            column = np.ascontiguousarray(getattr(self, field.name), dtype=np.int32)
            object.__setattr__(self, field.name, column)
        if len({column.shape for column in self.columns}) != 1 or self.day.ndim != 1:
            raise ValueError("The columns of the bookings must be of one length.")

    @property
    def columns(self) -> tuple[Column, ...]:
        """The five columns in the order of the class."""
        return self.site, self.chair, self.day, self.slot, self.type

    def __len__(self) -> int:
        return len(self.day)

    @classmethod
    def none(cls) -> "Bookings":
        """No visit at all."""
        return cls.of_columns([])

    @classmethod
    def of_columns(cls, rows: Iterable[tuple[int, int, int, int, int]]) -> "Bookings":
        """From rows of (site, chair, day ordinal, slot, type), all positions."""
        table: NDArray[Any] = np.array(list(rows), dtype=np.int32).reshape(-1, 5)
        return cls(*table.T)

    @classmethod
    def of(cls, clinic: Clinic, rows: Iterable[tuple[str, str, date, int, str]]) -> "Bookings":
        """From rows of (site id, chair id, local day, minute of the day, type name)."""
        return cls.of_columns(
            (
                clinic.site_index[site],
                clinic.chair_index.get(chair, NO_CHAIR),
                day.toordinal(),
                minute // clinic.slot_min,
                clinic.type_index[kind],
            )
            for site, chair, day, minute, kind in rows
        )

    def where(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> "Bookings":
        """Only the rows that `keep` (a mask or positions) picks."""
        return Bookings(*(column[keep] for column in self.columns))

    def plus(self, other: "Bookings") -> "Bookings":
        """These and the others."""
        pairs = zip(self.columns, other.columns, strict=True)
        return Bookings(*(np.concatenate(pair) for pair in pairs))
