"""What a clinician signs, what may be said of it afterwards, and the guards that keep it as it was signed.

`ck_signed_log` refuses every change to a signed log and to what hangs on it; `ck_signed_course` to everything
that a signed course log tells. Weekly ratings alone go on after a course is signed: they are asked for eight
weeks so that returning symptoms are seen early (CLINICAL.md, section 4), and stand beside the record.
`patient_id` may follow a merge of two records of one person.
"""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

APPEND_ONLY = ("signed_records", "co_signatures", "addenda", "given_reasons")
OF_LOG = ("vital_signs", "adverse_events", "rescue_drugs", "pump_pauses", "infusion_log_saves")
RATING = (
    "course_id", "infusion_id", "instrument", "instrument_version", "language", "time_point", "week", "answers",
    "total", "source", "rated_at", "entered_at", "voided_at", "void_reason",
)  # fmt: skip
INFUSION = (
    "course_id", "number", "status", "status_reason", "starts_at", "ends_at", "local_day", "arrived_at",
    "started_at", "completed_at", "stopped_early", "counts",
)  # fmt: skip
COURSE = (
    "protocol_version_id", "status", "status_reason", "site_id", "bend", "bend_reason", "booked_at", "entered",
    "closed_at",
)  # fmt: skip


def _fk(table: str, column: str, to: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _whole(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _at(name: str) -> sa.Column[datetime]:
    return sa.Column(name, Instant(timezone=True), nullable=False)


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _tables() -> None:
    op.create_table(
        "signed_records",
        _whole("id"),
        _whole("course_id"),
        _whole("infusion_id", nullable=True),
        _text("record"),
        _text("digest"),
        _at("signed_at"),
        _whole("signed_by_id"),
        _text("signed_name"),
        _fk("signed_records", "course_id", "courses"),
        _fk("signed_records", "infusion_id", "infusions"),
        _fk("signed_records", "signed_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_records")),
        sa.UniqueConstraint("infusion_id", name=op.f("uq_signed_records_infusion_id")),
    )
    op.create_index(op.f("ix_signed_records_course_id"), "signed_records", ["course_id"])
    op.create_index(
        "uq_signed_records_course",
        "signed_records",
        ["course_id"],
        unique=True,
        sqlite_where=sa.text("infusion_id IS NULL"),
        postgresql_where=sa.text("infusion_id IS NULL"),
    )
    op.create_table(
        "co_signatures",
        _whole("id"),
        _whole("signed_record_id"),
        _at("signed_at"),
        _whole("signed_by_id"),
        _text("signed_name"),
        _text("digest"),
        _fk("co_signatures", "signed_by_id", "users"),
        _fk("co_signatures", "signed_record_id", "signed_records"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_signatures")),
        sa.UniqueConstraint("signed_record_id", name=op.f("uq_co_signatures_signed_record_id")),
    )
    op.create_table(
        "addenda",
        _whole("id"),
        _whole("signed_record_id"),
        _whole("course_id"),
        _whole("infusion_id", nullable=True),
        _text("words"),
        _text("reason"),
        _at("written_at"),
        _whole("written_by_id"),
        _text("written_name"),
        _text("key"),
        _text("digest"),
        _fk("addenda", "course_id", "courses"),
        _fk("addenda", "infusion_id", "infusions"),
        _fk("addenda", "signed_record_id", "signed_records"),
        _fk("addenda", "written_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addenda")),
        sa.UniqueConstraint("key", name=op.f("uq_addenda_key")),
    )
    op.create_index(op.f("ix_addenda_course_id"), "addenda", ["course_id"])
    op.create_index(op.f("ix_addenda_infusion_id"), "addenda", ["infusion_id"])
    op.create_table(
        "given_reasons",
        _whole("id"),
        _whole("course_id"),
        _text("gap"),
        _text("reason"),
        _at("given_at"),
        _whole("given_by_id"),
        _fk("given_reasons", "course_id", "courses"),
        _fk("given_reasons", "given_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_reasons")),
    )
    op.create_index(op.f("ix_given_reasons_course_id"), "given_reasons", ["course_id"])
    op.create_table(
        "sign_off_rules",
        _whole("site_id"),
        sa.Column("wants_second", sa.Boolean(), nullable=False),
        _fk("sign_off_rules", "site_id", "sites", "CASCADE"),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_sign_off_rules")),
    )


def _log(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM infusion_logs AS l WHERE l.id = {row}.log_id AND l.status = 'signed')"


def _of_vitals(row: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM infusion_logs AS l JOIN vital_signs AS v ON v.log_id = l.id "
        f"WHERE v.id = {row}.vitals_id AND l.status = 'signed')"
    )


def _course(column: str, extra: str = "") -> str:
    return (
        "EXISTS (SELECT 1 FROM signed_records AS s "
        f"WHERE s.course_id = {column} AND s.infusion_id IS NULL{extra})"
    )


def _rating(row: str) -> str:
    late = f" AND ({row}.time_point <> 'weekly' OR {row}.entered_at <= s.signed_at)"
    return _course(f"{row}.course_id", late)


def _of_visit(row: str) -> str:
    return _course(f"(SELECT i.course_id FROM infusions AS i WHERE i.id = {row}.infusion_id)")


def _rules() -> Iterator[tuple[str, str, str, str, str]]:
    """What is refused: name of the trigger, table, verb (with its columns), condition, what it says."""
    for table, of in (*((name, _log) for name in OF_LOG), ("hold_actions", _of_vitals)):
        yield f"signed_{table}_insert", table, "INSERT", of("NEW"), "ck_signed_log"
        yield f"signed_{table}_update", table, "UPDATE", f"{of('OLD')} OR {of('NEW')}", "ck_signed_log"
        yield f"signed_{table}_delete", table, "DELETE", of("OLD"), "ck_signed_log"
    for verb in ("UPDATE", "DELETE"):
        name = f"signed_infusion_logs_{verb.lower()}"
        yield name, "infusion_logs", verb, "OLD.status = 'signed'", "ck_signed_log"
    yield "signed_infusion_logs_insert", "infusion_logs", "INSERT", _of_visit("NEW"), "ck_signed_course"
    for table, columns, of in (
        ("ratings", RATING, _rating),
        ("infusions", INFUSION, lambda row: _course(f"{row}.course_id")),
    ):
        change = f"UPDATE OF {', '.join(columns)}"
        yield f"signed_{table}_insert", table, "INSERT", of("NEW"), "ck_signed_course"
        yield f"signed_{table}_update", table, change, of("OLD"), "ck_signed_course"
        yield f"signed_{table}_delete", table, "DELETE", of("OLD"), "ck_signed_course"
    change = f"UPDATE OF {', '.join(COURSE)}"
    yield "signed_courses_update", "courses", change, _course("OLD.id"), "ck_signed_course"
    reasons = _course("NEW.course_id")
    yield "signed_given_reasons_insert", "given_reasons", "INSERT", reasons, "ck_signed_course"


def _guard_sqlite() -> None:
    for name, table, verb, where, says in _rules():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {where} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER append_only_{table}_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append_only_{table}'); END"
            )


def _guard_postgresql() -> None:
    for name, table, verb, where, says in _rules():
        gives = "OLD" if verb == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {where} THEN "
            f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation', "
            f"CONSTRAINT = '{says}'; END IF; RETURN {gives}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    names = [(name, table) for name, table, *_ in _rules()]
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table in names:
        op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
        if not is_sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("sign_off_rules", "given_reasons", "addenda", "co_signatures", "signed_records"):
        op.drop_table(table)
