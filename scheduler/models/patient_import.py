"""A file of patients that is brought in: the file, how it is read, and what became of each of its rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class ImportState(StrEnum):
    """matching (a person says what the columns are) → checking → checked → adding → done.

    adding ⇄ stopped; done or stopped → taking back → taken back. The worker moves what ends in -ing.
    """

    MATCHING = "matching"
    CHECKING = "checking"
    CHECKED = "checked"
    ADDING = "adding"
    STOPPED = "stopped"
    DONE = "done"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"


class RowOutcome(StrEnum):
    """What is known of a row, or was done with it."""

    READY = "ready"
    LIKELY = "likely"
    ALREADY = "already"
    WRONG = "wrong"
    ADDED = "added"
    TAKEN_BACK = "taken_back"


class PatientImport(Base):
    """One file. `columns` names for each column of `head` the field it becomes, or "" where it is left out.

    `position` counts the rows that the worker has dealt with in its present work, out of `total`.
    `fence` rises with each claim and each word of a person: a worker that holds an old one can write nothing.
    """

    __tablename__ = "patient_imports"
    __table_args__ = (
        CheckConstraint("total >= 0 AND position >= 0 AND fence >= 0", name="counts"),
        CheckConstraint("date_order IN ('dmy', 'mdy', 'ymd')", name="date_order"),
        CheckConstraint("language IN ('en', 'es')", name="language"),
        Index(None, "state"),
        Index(None, "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState, "state"), default=ImportState.MATCHING)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    file_name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    encoding: Mapped[str]
    separator: Mapped[str]
    head: Mapped[list[str]] = mapped_column(Json)
    columns: Mapped[list[str]] = mapped_column(Json)
    date_order: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    is_cut_off: Mapped[bool] = mapped_column(default=False)
    total: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None]
    moved_at: Mapped[datetime] = mapped_column(Instant)
    lease_by: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    fence: Mapped[int] = mapped_column(default=0)


class PatientImportPiece(Base):
    """A piece of the file's bytes; they go when the import has ended."""

    __tablename__ = "patient_import_pieces"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("patient_imports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class PatientImportRow(Base):
    """One row of the file, counted from 1; `line` is where it begins in the file.

    `digest` is of the cells, `person` of the name and birth date; `record_number` is what the row brings.
    `cells` are kept until the row is added; `problems` are pairs of a column's name and a sentence.
    `patient_id` is the patient made of the row, or the one it looks like.
    """

    __tablename__ = "patient_import_rows"
    __table_args__ = (
        Index(None, "digest"),
        Index(None, "patient_id"),
        Index(None, "import_id", "outcome", "number"),
        Index(None, "import_id", "person"),
        Index(None, "import_id", "record_number"),
    )

    import_id: Mapped[int] = mapped_column(
        ForeignKey("patient_imports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    outcome: Mapped[RowOutcome] = mapped_column(enum_type(RowOutcome, "outcome"))
    digest: Mapped[str]
    person: Mapped[str | None]
    record_number: Mapped[str | None]
    is_approved: Mapped[bool] = mapped_column(default=False)
    cells: Mapped[list[str]] = mapped_column(Json, default=list)
    problems: Mapped[list[Any]] = mapped_column(Json, default=list)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="SET NULL"))
