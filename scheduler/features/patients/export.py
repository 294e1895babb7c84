"""The patients as a CSV file, written while it is sent: no clinic is too large for it.

Each piece is read in a transaction of its own, so that a slow line never holds the database.
"""

from collections.abc import Callable, Iterator, Sequence

from scheduler.features.patients.phones import show_phone
from scheduler.features.patients.queries import Exported
from scheduler.rendering.sheet import Cell, sheet, sheet_lines

HEAD = (
    "Record number", "Family name", "Given name", "Birth date", "Phone", "E-mail", "Language", "Time zone",
    "Parent or guardian", "Site", "Archived on", "Merged into",
)  # fmt: skip


def export_file(read: Callable[[int], Sequence[Exported]]) -> Iterator[bytes]:
    """The file piece by piece; `read` gives the patients after an id, and none at the end."""
    yield sheet(HEAD, ())
    piece = read(0)
    while piece:
        yield sheet_lines(_cells(one) for one in piece)
        piece = read(piece[-1].hit.patient_id)


def _cells(one: Exported) -> list[Cell]:
    patient = one.hit
    return [
        patient.record_number,
        patient.family_name,
        patient.given_name,
        patient.birth_date.isoformat(),
        show_phone(patient.phone, one.country),
        patient.email,
        one.language,
        one.time_zone,
        one.guardian_name,
        one.site,
        one.archived_on.isoformat() if one.archived_on else None,
        one.merged_into,
    ]
