"""Screenings: the checklist of the intake, signed by a clinician, and the guards that keep it as signed.

`ck_signed_screening` refuses every change to a signed one and every new save of it. `patient_id` may follow a
merge of two records of one person.
"""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant, Json

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

APPEND_ONLY = ("screening_saves", "screening_addenda")
KEPT = (
    "id", "request_id", "site_id", "previous_id", "form", "answers", "version", "begun_at", "begun_by_id",
    "outcome", "signed_at", "signed_by_id", "record", "digest",
)  # fmt: skip
SIGNED = "signed_at IS NOT NULL"


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
    )


def _whole(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _at(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Instant(timezone=True), nullable=nullable)


def upgrade() -> None:
    _screenings()
    _beside()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _screenings() -> None:
    op.create_table(
        "screenings",
        _whole("id"),
        _whole("request_id", nullable=True),
        _whole("patient_id", nullable=True),
        _whole("site_id"),
        _whole("previous_id", nullable=True),
        _whole("form"),
        sa.Column("answers", Json, nullable=False),
        _whole("version"),
        _at("begun_at"),
        _whole("begun_by_id"),
        _text("outcome", nullable=True),
        _at("signed_at", nullable=True),
        _whole("signed_by_id", nullable=True),
        _text("record", nullable=True),
        _text("digest", nullable=True),
        sa.CheckConstraint(
            "request_id IS NOT NULL OR patient_id IS NOT NULL", name=op.f("ck_screenings_whose")
        ),
        sa.CheckConstraint(
            "outcome IN ('suitable', 'not_now', 'referred')", name=op.f("ck_screenings_outcome")
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (record IS NULL) AND (signed_at IS NULL) = (digest IS NULL) "
            "AND (signed_at IS NULL) = (outcome IS NULL) AND (signed_at IS NULL) = (signed_by_id IS NULL)",
            name=op.f("ck_screenings_signed"),
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR outcome <> 'suitable' OR patient_id IS NOT NULL",
            name=op.f("ck_screenings_suitable"),
        ),
        _fk("screenings", "request_id", "consultation_requests"),
        _fk("screenings", "patient_id", "patients"),
        _fk("screenings", "site_id", "sites"),
        _fk("screenings", "previous_id", "screenings"),
        _fk("screenings", "begun_by_id", "users"),
        _fk("screenings", "signed_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screenings")),
    )
    op.create_index(op.f("ix_screenings_patient_id_signed_at"), "screenings", ["patient_id", "signed_at"])
    op.create_index(op.f("ix_screenings_request_id"), "screenings", ["request_id"])
    is_draft = sa.text("signed_at IS NULL AND request_id IS NOT NULL")
    op.create_index(
        "uq_screenings_draft_of_request",
        "screenings",
        ["request_id"],
        unique=True,
        sqlite_where=is_draft,
        postgresql_where=is_draft,
    )


def _beside() -> None:
    op.create_table(
        "screening_saves",
        _whole("id"),
        _whole("screening_id"),
        _whole("version"),
        _at("at"),
        _whole("by_id"),
        sa.Column("changes", Json, nullable=False),
        _fk("screening_saves", "screening_id", "screenings"),
        _fk("screening_saves", "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_saves")),
        sa.UniqueConstraint("screening_id", "version", name=op.f("uq_screening_saves_screening_id_version")),
    )
    op.create_table(
        "screening_addenda",
        _whole("id"),
        _whole("screening_id"),
        _text("words"),
        _text("reason"),
        _at("written_at"),
        _whole("written_by_id"),
        _text("key"),
        _text("digest"),
        _fk("screening_addenda", "screening_id", "screenings"),
        _fk("screening_addenda", "written_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_addenda")),
        sa.UniqueConstraint("key", name=op.f("uq_screening_addenda_key")),
    )
    op.create_index(op.f("ix_screening_addenda_screening_id"), "screening_addenda", ["screening_id"])
    op.create_table(
        "screening_rules",
        _whole("id"),
        _whole("trials_needed"),
        _whole("valid_days"),
        _whole("version"),
        sa.CheckConstraint("id = 1", name=op.f("ck_screening_rules_one")),
        sa.CheckConstraint("trials_needed BETWEEN 0 AND 5", name=op.f("ck_screening_rules_trials_needed")),
        sa.CheckConstraint("valid_days BETWEEN 7 AND 730", name=op.f("ck_screening_rules_valid_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_rules")),
    )


def _of_screening(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM screenings AS s WHERE s.id = {row}.screening_id AND s.{SIGNED})"


def _rules() -> Iterator[tuple[str, str, str, str]]:
    """What is refused: name of the trigger, table, verb (with its columns), condition."""
    yield "signed_screenings_update", "screenings", f"UPDATE OF {', '.join(KEPT)}", f"OLD.{SIGNED}"
    yield "signed_screenings_delete", "screenings", "DELETE", f"OLD.{SIGNED}"
    yield "signed_screening_saves_insert", "screening_saves", "INSERT", _of_screening("NEW")


def _guard_sqlite() -> None:
    for name, table, verb, where in _rules():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {where} "
            "BEGIN SELECT RAISE(ABORT, 'ck_signed_screening'); END"
        )
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER append_only_{table}_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append_only_{table}'); END"
            )


def _guard_postgresql() -> None:
    for name, table, verb, where in _rules():
        gives = "OLD" if verb == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {where} THEN "
            "RAISE EXCEPTION 'ck_signed_screening' USING ERRCODE = 'integrity_constraint_violation', "
            f"CONSTRAINT = 'ck_signed_screening'; END IF; RETURN {gives}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, *_ in _rules():
        op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
        if not is_sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("screening_rules", "screening_addenda", "screening_saves", "screenings"):
        op.drop_table(table)
