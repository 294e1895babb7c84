"""What a person says of a file: its letters, its separator, its columns, the order of its dates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.errors import ConflictError
from scheduler.features.patients.imports.pieces import read_pieces
from scheduler.features.patients.imports.sniff import sniff
from scheduler.features.patients.imports.steps import MOVED_ON, locked_import
from scheduler.models import ImportState, PatientImport


@dataclass(frozen=True)
class Matching:
    """All of it, as it was chosen."""

    encoding: str
    separator: str
    columns: tuple[str, ...]
    date_order: str
    language: str
    site_id: int


def save_matching(session: Session, at: datetime, import_id: int, wanted: Matching) -> PatientImport:
    """Keep what was chosen. With other letters or another separator the columns are found anew."""
    found = locked_import(session, import_id)
    if found.state is not ImportState.MATCHING:
        raise ConflictError(MOVED_ON)
    if (wanted.encoding, wanted.separator) != (found.encoding, found.separator):
        seen = sniff(read_pieces(session, import_id), wanted.date_order, wanted.encoding, wanted.separator)
        found.encoding, found.separator = seen.encoding, seen.separator
        found.head, found.columns = list(seen.head), list(seen.columns)
        found.total, found.is_cut_off = seen.total, seen.is_cut_off
    elif len(wanted.columns) == len(found.head):
        found.columns = list(wanted.columns)
    found.date_order, found.language, found.site_id = wanted.date_order, wanted.language, wanted.site_id
    found.moved_at = at
    return found
