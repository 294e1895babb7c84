"""The chart: infusion logs, vitals, adverse events, rescue drugs, interruptions.

Readings, what was done about them and the saves of a log take new rows only: a correction is a row of its own.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.db.base import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
APPEND_ONLY = ("vital_signs", "hold_actions", "infusion_log_saves")


def _fk(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _whole(name: str, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _at(name: str, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, Instant(timezone=True), nullable=nullable)


def _line(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """What every line has that is added, changed and struck out."""
    return (
        _whole("id", False),
        _whole("log_id", False),
        _text("key", False),
        _whole("version", False),
        _at("changed_at", False),
        _whole("changed_by_id"),
        _at("struck_at"),
        _text("struck_reason"),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_reason IS NULL)", name=op.f(f"ck_{table}_struck")),
        _fk(table, "changed_by_id", "users", "RESTRICT"),
        _fk(table, "log_id", "infusion_logs", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("log_id", "key", name=op.f(f"uq_{table}_log_id_key")),
    )


def upgrade() -> None:
    op.create_table(
        "infusion_logs",
        _whole("id", False),
        _whole("infusion_id", False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "complete",
                "signed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        _at("begun_at", False),
        _at("completed_at"),
        _whole("completed_by_id"),
        sa.Column("rules", JSON, nullable=False),
        *map(
            _text,
            (
                "identity_checked",
                "fasting_solids",
                "fasting_liquids",
                "consent_on_file",
                "pregnancy_test",
                "escort_named",
                "benzodiazepine",
                "lamotrigine",
                "medicine_changes",
            ),
        ),
        *map(
            _whole,
            ("weight_g", "dose_ug_per_kg", "concentration_ug_per_ml", "minutes", "dose_ug", "rate_ug_per_h"),
        ),
        _text("drug"),
        _text("lot"),
        sa.Column("expiry", sa.Date(), nullable=True),
        _text("route"),
        _at("started_at"),
        _at("stopped_at"),
        _whole("cadss"),
        sa.Column("checks", JSON, nullable=False),
        _text("escort_came"),
        _text("escort_name"),
        _at("escort_at"),
        _text("escort_absent_done"),
        _text("escort_absent_note"),
        _at("left_at"),
        _text("leave_reason"),
        _text("notes"),
        sa.CheckConstraint(
            "(status = 'draft') = (completed_at IS NULL)", name=op.f("ck_infusion_logs_completed")
        ),
        sa.CheckConstraint("cadss BETWEEN 0 AND 24", name=op.f("ck_infusion_logs_cadss")),
        sa.CheckConstraint("dose_ug BETWEEN 0 AND 900000", name=op.f("ck_infusion_logs_dose")),
        sa.CheckConstraint("dose_ug_per_kg BETWEEN 0 AND 3000", name=op.f("ck_infusion_logs_dose_per_kg")),
        sa.CheckConstraint("started_at <= stopped_at", name=op.f("ck_infusion_logs_order")),
        sa.CheckConstraint("weight_g BETWEEN 20000 AND 300000", name=op.f("ck_infusion_logs_weight")),
        _fk("infusion_logs", "completed_by_id", "users", "SET NULL"),
        _fk("infusion_logs", "infusion_id", "infusions", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infusion_logs")),
        sa.UniqueConstraint("infusion_id", name=op.f("uq_infusion_logs_infusion_id")),
    )
    op.create_index(
        op.f("ix_infusion_logs_status_infusion_id"), "infusion_logs", ["status", "infusion_id"], unique=False
    )
    op.create_table(
        "adverse_events",
        _text("term", False),
        _at("onset_at", False),
        _whole("grade", False),
        _text("action", False),
        _text("outcome", False),
        _text("note", False),
        sa.CheckConstraint("grade BETWEEN 1 AND 5", name=op.f("ck_adverse_events_grade")),
        *_line("adverse_events"),
    )
    op.create_table(
        "infusion_log_saves",
        _whole("id", False),
        _whole("log_id", False),
        _text("part", False),
        _whole("version", False),
        _at("at", False),
        _whole("by_id"),
        sa.Column("changes", JSON, nullable=False),
        _fk("infusion_log_saves", "by_id", "users", "RESTRICT"),
        _fk("infusion_log_saves", "log_id", "infusion_logs", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infusion_log_saves")),
        sa.UniqueConstraint(
            "log_id", "part", "version", name=op.f("uq_infusion_log_saves_log_id_part_version")
        ),
    )
    op.create_table(
        "pump_pauses",
        _at("from_at", False),
        _at("to_at"),
        _text("why", False),
        sa.CheckConstraint("from_at <= to_at", name=op.f("ck_pump_pauses_order")),
        *_line("pump_pauses"),
    )
    op.create_table(
        "rescue_drugs",
        _text("drug", False),
        _text("amount", False),
        _text("route", False),
        _at("given_at", False),
        _text("why", False),
        *_line("rescue_drugs"),
    )
    op.create_table(
        "vital_signs",
        _whole("id", False),
        _whole("log_id", False),
        _text("key", False),
        _at("taken_at", False),
        *map(_whole, ("sbp", "dbp", "pulse", "spo2", "sedation")),
        _at("entered_at", False),
        _whole("entered_by_id"),
        _whole("replaces_id"),
        _text("reason"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(replaces_id IS NULL) = (reason IS NULL)", name=op.f("ck_vital_signs_reason")),
        sa.CheckConstraint("dbp BETWEEN 20 AND 200 AND dbp < sbp", name=op.f("ck_vital_signs_dbp")),
        sa.CheckConstraint("pulse BETWEEN 20 AND 250", name=op.f("ck_vital_signs_pulse")),
        sa.CheckConstraint("replaces_id IS NOT NULL OR NOT withdrawn", name=op.f("ck_vital_signs_withdrawn")),
        sa.CheckConstraint("sbp BETWEEN 40 AND 300", name=op.f("ck_vital_signs_sbp")),
        sa.CheckConstraint("sedation BETWEEN 0 AND 5", name=op.f("ck_vital_signs_sedation")),
        sa.CheckConstraint("spo2 BETWEEN 30 AND 100", name=op.f("ck_vital_signs_spo2")),
        _fk("vital_signs", "entered_by_id", "users", "RESTRICT"),
        _fk("vital_signs", "log_id", "infusion_logs", "RESTRICT"),
        _fk("vital_signs", "replaces_id", "vital_signs", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vital_signs")),
        sa.UniqueConstraint("log_id", "key", name=op.f("uq_vital_signs_log_id_key")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_vital_signs_replaces_id")),
    )
    op.create_index(
        op.f("ix_vital_signs_log_id_taken_at"), "vital_signs", ["log_id", "taken_at"], unique=False
    )
    op.create_table(
        "hold_actions",
        _whole("id", False),
        _whole("vitals_id", False),
        _text("key", False),
        sa.Column("done", JSON, nullable=False),
        _text("note", False),
        _at("at", False),
        _whole("by_id"),
        _fk("hold_actions", "by_id", "users", "RESTRICT"),
        _fk("hold_actions", "vitals_id", "vital_signs", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_actions")),
        sa.UniqueConstraint("vitals_id", "key", name=op.f("uq_hold_actions_vitals_id_key")),
    )

    for table in APPEND_ONLY:
        _guard(table)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER append_only_{table}_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append_only_{table}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("hold_actions")
    op.drop_table("vital_signs")
    op.drop_table("rescue_drugs")
    op.drop_table("pump_pauses")
    op.drop_table("infusion_log_saves")
    op.drop_table("adverse_events")
    op.drop_table("infusion_logs")
