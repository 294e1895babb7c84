"""The bytes of a file in the database, in pieces, so that web and worker may run on two machines."""

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from scheduler.models import PatientImportPiece

PIECE = 1024 * 1024


def write_pieces(session: Session, import_id: int, raw: bytes) -> None:
    """Keep the file."""
    for number, first in enumerate(range(0, len(raw), PIECE)):
        piece = {"import_id": import_id, "number": number, "data": raw[first : first + PIECE]}
        session.execute(insert(PatientImportPiece), [piece])


def read_pieces(session: Session, import_id: int) -> bytes:
    """The whole file, or nothing when it was deleted."""
    pieces = session.scalars(
        select(PatientImportPiece.data)
        .where(PatientImportPiece.import_id == import_id)
        .order_by(PatientImportPiece.number)
    )
    return b"".join(pieces)


def drop_pieces(session: Session, import_id: int) -> None:
    """Delete the file: its rows are kept where they are still needed."""
    session.execute(delete(PatientImportPiece).where(PatientImportPiece.import_id == import_id))


def read_beginning(session: Session, import_id: int) -> bytes:
    """The first piece of the file: enough rows for a look."""
    piece = session.get(PatientImportPiece, (import_id, 0))
    return piece.data if piece else b""
