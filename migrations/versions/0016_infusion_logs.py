"""The chart: infusion logs, vitals, adverse events, rescue drugs, what a clinic decides about them.

Readings, what was done about them and the saves of a log take new rows only: a correction is a row of its own.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.db.base import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
APPEND_ONLY = ("vital_signs", "hold_actions", "infusion_log_saves")


def upgrade() -> None:
    op.create_table(
        "chart_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=True),
        sa.Column("start_sbp", sa.Integer(), nullable=False),
        sa.Column("start_dbp", sa.Integer(), nullable=False),
        sa.Column("act_sbp", sa.Integer(), nullable=False),
        sa.Column("act_dbp", sa.Integer(), nullable=False),
        sa.Column("during_minutes", sa.Integer(), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "act_sbp BETWEEN 40 AND 300 AND act_dbp BETWEEN 20 AND 200", name=op.f("ck_chart_rules_act")
        ),
        sa.CheckConstraint(
            "during_minutes BETWEEN 1 AND 60 AND after_minutes BETWEEN 1 AND 120",
            name=op.f("ck_chart_rules_minutes"),
        ),
        sa.CheckConstraint(
            "start_sbp BETWEEN 40 AND 300 AND start_dbp BETWEEN 20 AND 200", name=op.f("ck_chart_rules_start")
        ),
        sa.ForeignKeyConstraint(
            ["protocol_id"], ["protocols.id"], name=op.f("fk_chart_rules_protocol_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_chart_rules_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_rules")),
    )
    op.create_index(
        "uq_chart_rules_protocol",
        "chart_rules",
        ["site_id", "protocol_id"],
        unique=True,
        sqlite_where=sa.text("protocol_id IS NOT NULL"),
        postgresql_where=sa.text("protocol_id IS NOT NULL"),
    )
    op.create_index(
        "uq_chart_rules_site",
        "chart_rules",
        ["site_id"],
        unique=True,
        sqlite_where=sa.text("protocol_id IS NULL"),
        postgresql_where=sa.text("protocol_id IS NULL"),
    )
    op.create_table(
        "discharge_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("archived_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_discharge_items_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharge_items")),
    )
    op.create_index(
        op.f("ix_discharge_items_site_id_position"), "discharge_items", ["site_id", "position"], unique=False
    )
    op.create_table(
        "patient_cautions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("noted_at", Instant(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_at", Instant(timezone=True), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('allergy', 'no_allergies', 'interpreter')", name=op.f("ck_patient_cautions_kind")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["users.id"], name=op.f("fk_patient_cautions_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_patient_cautions_patient_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["struck_by_id"], ["users.id"], name=op.f("fk_patient_cautions_struck_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_cautions")),
    )
    op.create_index(op.f("ix_patient_cautions_patient_id"), "patient_cautions", ["patient_id"], unique=False)
    op.create_table(
        "infusion_logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("infusion_id", sa.Integer(), nullable=False),
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
        sa.Column("begun_at", Instant(timezone=True), nullable=False),
        sa.Column("completed_at", Instant(timezone=True), nullable=True),
        sa.Column("completed_by_id", sa.Integer(), nullable=True),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("identity_checked", sa.String(), nullable=True),
        sa.Column("fasting_solids", sa.String(), nullable=True),
        sa.Column("fasting_liquids", sa.String(), nullable=True),
        sa.Column("consent_on_file", sa.String(), nullable=True),
        sa.Column("pregnancy_test", sa.String(), nullable=True),
        sa.Column("escort_named", sa.String(), nullable=True),
        sa.Column("benzodiazepine", sa.String(), nullable=True),
        sa.Column("lamotrigine", sa.String(), nullable=True),
        sa.Column("medicine_changes", sa.String(), nullable=True),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column("dose_ug_per_kg", sa.Integer(), nullable=True),
        sa.Column("concentration_ug_per_ml", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("dose_ug", sa.Integer(), nullable=True),
        sa.Column("rate_ug_per_h", sa.Integer(), nullable=True),
        sa.Column("drug", sa.String(), nullable=True),
        sa.Column("lot", sa.String(), nullable=True),
        sa.Column("expiry", sa.Date(), nullable=True),
        sa.Column("route", sa.String(), nullable=True),
        sa.Column("started_at", Instant(timezone=True), nullable=True),
        sa.Column("stopped_at", Instant(timezone=True), nullable=True),
        sa.Column("cadss", sa.Integer(), nullable=True),
        sa.Column("checks", JSON, nullable=False),
        sa.Column("escort_came", sa.String(), nullable=True),
        sa.Column("escort_name", sa.String(), nullable=True),
        sa.Column("escort_at", Instant(timezone=True), nullable=True),
        sa.Column("escort_absent_done", sa.String(), nullable=True),
        sa.Column("escort_absent_note", sa.String(), nullable=True),
        sa.Column("left_at", Instant(timezone=True), nullable=True),
        sa.Column("leave_reason", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(status = 'draft') = (completed_at IS NULL)", name=op.f("ck_infusion_logs_completed")
        ),
        sa.CheckConstraint("cadss BETWEEN 0 AND 24", name=op.f("ck_infusion_logs_cadss")),
        sa.CheckConstraint("dose_ug BETWEEN 0 AND 900000", name=op.f("ck_infusion_logs_dose")),
        sa.CheckConstraint("dose_ug_per_kg BETWEEN 0 AND 3000", name=op.f("ck_infusion_logs_dose_per_kg")),
        sa.CheckConstraint("started_at <= stopped_at", name=op.f("ck_infusion_logs_order")),
        sa.CheckConstraint("weight_g BETWEEN 20000 AND 300000", name=op.f("ck_infusion_logs_weight")),
        sa.ForeignKeyConstraint(
            ["completed_by_id"],
            ["users.id"],
            name=op.f("fk_infusion_logs_completed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["infusion_id"], ["infusions.id"], name=op.f("fk_infusion_logs_infusion_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infusion_logs")),
        sa.UniqueConstraint("infusion_id", name=op.f("uq_infusion_logs_infusion_id")),
    )
    op.create_table(
        "adverse_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("onset_at", Instant(timezone=True), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_at", Instant(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_reason IS NULL)", name=op.f("ck_adverse_events_struck")
        ),
        sa.CheckConstraint("grade BETWEEN 1 AND 5", name=op.f("ck_adverse_events_grade")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["users.id"], name=op.f("fk_adverse_events_changed_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["log_id"], ["infusion_logs.id"], name=op.f("fk_adverse_events_log_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adverse_events")),
        sa.UniqueConstraint("log_id", "key", name=op.f("uq_adverse_events_log_id_key")),
    )
    op.create_table(
        "infusion_log_saves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("changes", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_infusion_log_saves_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["log_id"], ["infusion_logs.id"], name=op.f("fk_infusion_log_saves_log_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infusion_log_saves")),
        sa.UniqueConstraint(
            "log_id", "part", "version", name=op.f("uq_infusion_log_saves_log_id_part_version")
        ),
    )
    op.create_table(
        "pump_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("from_at", Instant(timezone=True), nullable=False),
        sa.Column("to_at", Instant(timezone=True), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_at", Instant(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_reason IS NULL)", name=op.f("ck_pump_pauses_struck")
        ),
        sa.CheckConstraint("from_at <= to_at", name=op.f("ck_pump_pauses_order")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["users.id"], name=op.f("fk_pump_pauses_changed_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["log_id"], ["infusion_logs.id"], name=op.f("fk_pump_pauses_log_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pump_pauses")),
        sa.UniqueConstraint("log_id", "key", name=op.f("uq_pump_pauses_log_id_key")),
    )
    op.create_table(
        "rescue_drugs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("drug", sa.String(), nullable=False),
        sa.Column("amount", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("given_at", Instant(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_at", Instant(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_reason IS NULL)", name=op.f("ck_rescue_drugs_struck")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["users.id"], name=op.f("fk_rescue_drugs_changed_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["log_id"], ["infusion_logs.id"], name=op.f("fk_rescue_drugs_log_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescue_drugs")),
        sa.UniqueConstraint("log_id", "key", name=op.f("uq_rescue_drugs_log_id_key")),
    )
    op.create_table(
        "vital_signs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("taken_at", Instant(timezone=True), nullable=False),
        sa.Column("sbp", sa.Integer(), nullable=True),
        sa.Column("dbp", sa.Integer(), nullable=True),
        sa.Column("pulse", sa.Integer(), nullable=True),
        sa.Column("spo2", sa.Integer(), nullable=True),
        sa.Column("sedation", sa.Integer(), nullable=True),
        sa.Column("entered_at", Instant(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(replaces_id IS NULL) = (reason IS NULL)", name=op.f("ck_vital_signs_reason")),
        sa.CheckConstraint("dbp BETWEEN 20 AND 200 AND dbp < sbp", name=op.f("ck_vital_signs_dbp")),
        sa.CheckConstraint("pulse BETWEEN 20 AND 250", name=op.f("ck_vital_signs_pulse")),
        sa.CheckConstraint("replaces_id IS NOT NULL OR NOT withdrawn", name=op.f("ck_vital_signs_withdrawn")),
        sa.CheckConstraint("sbp BETWEEN 40 AND 300", name=op.f("ck_vital_signs_sbp")),
        sa.CheckConstraint("sedation BETWEEN 0 AND 5", name=op.f("ck_vital_signs_sedation")),
        sa.CheckConstraint("spo2 BETWEEN 30 AND 100", name=op.f("ck_vital_signs_spo2")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_vital_signs_entered_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["log_id"], ["infusion_logs.id"], name=op.f("fk_vital_signs_log_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["vital_signs.id"], name=op.f("fk_vital_signs_replaces_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vital_signs")),
        sa.UniqueConstraint("log_id", "key", name=op.f("uq_vital_signs_log_id_key")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_vital_signs_replaces_id")),
    )
    op.create_index(
        op.f("ix_vital_signs_log_id_taken_at"), "vital_signs", ["log_id", "taken_at"], unique=False
    )
    op.create_table(
        "hold_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vitals_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("done", JSON, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_hold_actions_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["vitals_id"], ["vital_signs.id"], name=op.f("fk_hold_actions_vitals_id"), ondelete="RESTRICT"
        ),
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
    op.drop_table("patient_cautions")
    op.drop_table("discharge_items")
    op.drop_table("chart_rules")
