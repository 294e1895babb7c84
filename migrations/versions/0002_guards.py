"""Guards: what the database refuses whatever the code believes.

No two visits that stand may share a chair (turnover included) or a patient: exclusion constraints
on PostgreSQL, triggers on SQLite. The audit trail and the delivery attempts take new rows only.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_events", "message_attempts")
STANDS = "status NOT IN ('missed', 'cancelled')"
OVERLAPS = {  # name: (column that must not be shared, end of the time it is taken)
    "ex_infusions_chair": ("chair_id", "chair_until"),
    "ex_infusions_patient": ("patient_id", "ends_at"),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _downgrade_sqlite()
    else:
        _downgrade_postgresql()


def _upgrade_sqlite() -> None:
    for name, (owner, until) in OVERLAPS.items():
        # No visit crosses midnight, so whatever overlaps began less than a day before: the index range
        # stays small however long the past is.
        clash = f"""
            SELECT RAISE(ABORT, '{name}') FROM infusions AS other
            WHERE other.{owner} = NEW.{owner} AND other.id <> NEW.id
              AND other.status NOT IN ('missed', 'cancelled')
              AND other.starts_at < NEW.{until} AND other.{until} > NEW.starts_at
              AND other.starts_at > datetime(NEW.starts_at, '-1 day');
        """
        for verb, columns in (("insert", ""), ("update", f"OF {owner}, starts_at, {until}, status")):
            op.execute(
                f"CREATE TRIGGER {name}_{verb} AFTER {verb.upper()} {columns} ON infusions "
                f"WHEN NEW.{STANDS} BEGIN {clash} END"
            )
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER append_only_{table}_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append_only_{table}'); END"
            )


def _downgrade_sqlite() -> None:
    for name in OVERLAPS:
        for verb in ("insert", "update"):
            op.execute(f"DROP TRIGGER {name}_{verb}")
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER append_only_{table}_{verb}")


def _upgrade_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for name, (owner, until) in OVERLAPS.items():
        op.execute(
            f"ALTER TABLE infusions ADD CONSTRAINT {name} EXCLUDE USING gist "
            f"({owner} WITH =, tstzrange(starts_at, {until}, '[)') WITH &&) WHERE ({STANDS})"
        )
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'append_only_%', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _downgrade_postgresql() -> None:
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER append_only_{table} ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
    for name in OVERLAPS:
        op.execute(f"ALTER TABLE infusions DROP CONSTRAINT {name}")
