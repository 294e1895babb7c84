"""Records: how long each kind is kept, what must not be deleted, what was deleted.

Signed logs, readings, consents and attempts to deliver refuse to be deleted. Here each of these guards learns
of one exception: while a row stands in `guard_openings`, it lets rows go. That row names another one that
can't exist by a foreign key which is looked at when the transaction ends: an opening that is not taken away
again takes everything back that was done under it. The exception is put into the guards as they stand, on
every table that leads to a patient, so that none is forgotten; the audit trail leads to none, and stays shut (on
PostgreSQL it shares its guard's function with others, so that says it again).
"""

import re
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant, Json

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SHUT_WHILE_HELD = "legal_holds"
CLOSED = " WHERE NOT EXISTS (SELECT 1 FROM guard_openings)"
OPENS = (
    " IF TG_OP = 'DELETE' AND TG_TABLE_NAME NOT LIKE 'audit%' AND EXISTS (SELECT 1 FROM guard_openings) "
    "THEN RETURN OLD; END IF;"
)
HOLD = "ck_legal_hold"


def upgrade() -> None:
    _tables()
    _runs()
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_sqlite(lambda sql: re.sub(r"(RAISE\(ABORT, '\w+'\))", rf"\1{CLOSED}", sql))
        op.execute(
            f"CREATE TRIGGER {HOLD} BEFORE DELETE ON {SHUT_WHILE_HELD} WHEN OLD.lifted_at IS NULL "
            f"BEGIN SELECT RAISE(ABORT, '{HOLD}'); END"
        )
        return
    _rewrite_postgresql(lambda body: body.replace("BEGIN", "BEGIN" + OPENS, 1))
    op.execute(
        f"CREATE FUNCTION refuse_{HOLD}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{HOLD}' "
        f"USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{HOLD}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {HOLD} BEFORE DELETE ON {SHUT_WHILE_HELD} FOR EACH ROW "
        f"WHEN (OLD.lifted_at IS NULL) EXECUTE FUNCTION refuse_{HOLD}()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_sqlite(lambda sql: sql.replace(CLOSED, ""))
    else:
        _rewrite_postgresql(lambda body: body.replace(OPENS, ""))
    for table in ("record_removals", "retention_runs", "legal_holds", "retention_rules", "guard_openings"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION refuse_{HOLD}()")


def _of_people() -> set[str]:
    """Every table that leads to a patient by foreign keys, over however many others."""
    keys = sa.inspect(op.get_bind()).get_multi_foreign_keys()
    refers = {table: {key["referred_table"] for key in found} for (_, table), found in keys.items()}
    known = {"patients"}
    while new := {table for table, to in refers.items() if to & known} - known:
        known |= new
    return known


def _rewrite_sqlite(change: Callable[[str], str]) -> None:
    rows = op.get_bind().exec_driver_sql(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    known = _of_people()
    for name, table, sql in rows.fetchall():
        if table in known and re.search(r"BEFORE DELETE ON", sql):
            op.execute(f"DROP TRIGGER {name}")
            op.execute(sa.text(change(sql).replace(":", "\\:")))


def _guards() -> Iterator[tuple[str, str]]:
    """The functions that refuse a deletion of a row of somebody's record, with their bodies."""
    known = _of_people()
    rows = op.get_bind().exec_driver_sql(
        "SELECT DISTINCT p.proname, c.relname, p.prosrc FROM pg_trigger AS t "
        "JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND (t.tgtype & 8) <> 0 AND (t.tgtype & 2) <> 0"
    )
    yield from {name: body for name, table, body in rows.fetchall() if table in known}.items()


def _rewrite_postgresql(change: Callable[[str], str]) -> None:
    for name, body in _guards():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $g${change(body)}$g$"
        )


def _tables() -> None:
    op.create_table(
        "retention_rules",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("least_years", sa.Integer(), nullable=False),
        sa.Column("until_age", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('messages', 'chart', 'logs')", name=op.f("ck_retention_rules_kind")),
        sa.CheckConstraint(
            "least_years BETWEEN 0 AND 50 AND years BETWEEN least_years AND 50",
            name=op.f("ck_retention_rules_years"),
        ),
        sa.CheckConstraint("kind <> 'logs' OR least_years >= 2", name=op.f("ck_retention_rules_logs")),
        sa.CheckConstraint("until_age BETWEEN 0 AND 40", name=op.f("ck_retention_rules_until_age")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_rules")),
    )
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("placed_at", Instant(), nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name=op.f("ck_legal_holds_lifted")),
        sa.CheckConstraint("(patient_id IS NULL) <> (request_id IS NULL)", name=op.f("ck_legal_holds_whose")),
        _fk("legal_holds", "patient_id", "patients", "RESTRICT"),
        _fk("legal_holds", "request_id", "consultation_requests", "RESTRICT"),
        _fk("legal_holds", "placed_by_id", "users"),
        _fk("legal_holds", "lifted_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(op.f("ix_legal_holds_patient_id"), "legal_holds", ["patient_id"])
    op.create_index(op.f("ix_legal_holds_request_id"), "legal_holds", ["request_id"])
    is_open = sa.text("lifted_at IS NULL")
    op.create_index(
        "ix_legal_holds_open", "legal_holds", ["patient_id"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "guard_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closes_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("id > 0 AND closes_id < 0", name=op.f("ck_guard_openings_closes")),
        sa.ForeignKeyConstraint(
            ["closes_id"],
            ["guard_openings.id"],
            name=op.f("fk_guard_openings_closes_id"),
            ondelete="RESTRICT",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_openings")),
    )


def _runs() -> None:
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("rules", Json, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("total", "position", "people", "rows", "fence")
        ),
        sa.Column("moved_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "position >= 0 AND total >= 0 AND fence >= 0", name=op.f("ck_retention_runs_counts")
        ),
        sa.CheckConstraint(
            "finished_at IS NOT NULL OR error IS NULL", name=op.f("ck_retention_runs_finished")
        ),
        _fk("retention_runs", "asked_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    op.create_index(op.f("ix_retention_runs_finished_at"), "retention_runs", ["finished_at"])
    op.create_table(
        "record_removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("record_number", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rest_from", sa.Date(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("cause IN ('asked', 'retention')", name=op.f("ck_record_removals_cause")),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_record_removals_rows")),
        _fk("record_removals", "actor_id", "users"),
        _fk("record_removals", "run_id", "retention_runs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_removals")),
    )
    op.create_index(op.f("ix_record_removals_person_id"), "record_removals", ["person_id"])
    op.create_index(op.f("ix_record_removals_at"), "record_removals", ["at"])


def _fk(table: str, column: str, to: str, ondelete: str = "SET NULL") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )
