"""What a clinic decides about charting, and what must be in sight of everybody at the chair."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


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


def upgrade() -> None:
    op.create_table(
        "chart_rules",
        _whole("id", False),
        _whole("site_id", False),
        _whole("protocol_id"),
        *(
            _whole(name, False)
            for name in (
                "start_sbp",
                "start_dbp",
                "act_sbp",
                "act_dbp",
                "during_minutes",
                "after_minutes",
                "version",
            )
        ),
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
        _fk("chart_rules", "protocol_id", "protocols", "CASCADE"),
        _fk("chart_rules", "site_id", "sites", "CASCADE"),
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
        _whole("id", False),
        _whole("site_id", False),
        _whole("position", False),
        _text("words", False),
        _at("archived_at"),
        _fk("discharge_items", "site_id", "sites", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharge_items")),
    )
    op.create_index(
        op.f("ix_discharge_items_site_id_position"), "discharge_items", ["site_id", "position"], unique=False
    )
    op.create_table(
        "patient_cautions",
        _whole("id", False),
        _whole("patient_id", False),
        _text("kind", False),
        _text("words", False),
        _at("noted_at", False),
        _whole("noted_by_id"),
        _at("struck_at"),
        sa.CheckConstraint(
            "kind IN ('allergy', 'no_allergies', 'interpreter')", name=op.f("ck_patient_cautions_kind")
        ),
        _fk("patient_cautions", "noted_by_id", "users", "SET NULL"),
        _fk("patient_cautions", "patient_id", "patients", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_cautions")),
    )
    op.create_index(op.f("ix_patient_cautions_patient_id"), "patient_cautions", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("patient_cautions")
    op.drop_table("discharge_items")
    op.drop_table("chart_rules")
