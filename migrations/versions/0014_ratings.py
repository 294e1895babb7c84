"""Clinical alerts, links to the questions of a rating, and tablets that were handed to a patient."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.db.base import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = ("item_9", "suicidality", "worsening", "adverse_event", "no_response", "relapse", "booster")
TIME_POINTS = ("baseline", "pre", "post_2h", "day_1", "day_2_7", "weekly")


def upgrade() -> None:
    _alerts()
    _links()
    op.create_table(
        "kiosks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("started_at", Instant(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("wrong_pins", sa.Integer(), nullable=False),
        sa.Column("pin_ended_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("(infusion_id IS NULL) <> (patient_id IS NULL)", name=op.f("ck_kiosks_shows")),
        sa.ForeignKeyConstraint(
            ["infusion_id"], ["infusions.id"], name=op.f("fk_kiosks_infusion_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_kiosks_patient_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["users.id"], name=op.f("fk_kiosks_started_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosks")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosks_token_hash")),
    )
    op.create_index(op.f("ix_kiosks_infusion_id"), "kiosks", ["infusion_id"], unique=False)
    op.create_index(op.f("ix_kiosks_patient_id"), "kiosks", ["patient_id"], unique=False)


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        _json("covers"),
        sa.Column("level", sa.Integer(), nullable=False),
        _json("facts"),
        _json("history"),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("raised_at", Instant(timezone=True), nullable=False),
        sa.Column("acknowledged_at", Instant(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("what_was_done", sa.String(), nullable=True),
        sa.Column("withdrawn_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (what_was_done IS NULL)", name=op.f("ck_alerts_acknowledged")
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR acknowledged_at IS NULL", name=op.f("ck_alerts_withdrawn")
        ),
        sa.CheckConstraint(
            "course_id IS NOT NULL AND patient_id IS NOT NULL OR kind = 'suicidality' "
            "AND (patient_id IS NOT NULL OR request_id IS NOT NULL)",
            name=op.f("ck_alerts_whose"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"],
            ["users.id"],
            name=op.f("fk_alerts_acknowledged_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_alerts_course_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["infusion_id"], ["infusions.id"], name=op.f("fk_alerts_infusion_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_alerts_patient_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["consultation_requests.id"],
            name=op.f("fk_alerts_request_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_alerts_dedupe_key")),
    )
    for columns in (["course_id", "kind"], ["infusion_id"], ["patient_id"], ["request_id"]):
        op.create_index(op.f(f"ix_alerts_{'_'.join(columns)}"), "alerts", columns, unique=False)
    is_open = sa.text("acknowledged_at IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "ix_alerts_open", "alerts", ["kind"], unique=False, sqlite_where=is_open, postgresql_where=is_open
    )


def _json(name: str) -> sa.Column[object]:
    kind = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    return sa.Column(name, kind, nullable=False)


def _links() -> None:
    op.create_table(
        "rating_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.Column(
            "time_point",
            sa.Enum(*TIME_POINTS, name="time_point", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.Column("used_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(time_point IN ('baseline', 'weekly')) = (infusion_id IS NULL)",
            name=op.f("ck_rating_links_infusion"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_rating_links_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["infusion_id"], ["infusions.id"], name=op.f("fk_rating_links_infusion_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_rating_links_token_hash")),
    )
    op.create_index(op.f("ix_rating_links_course_id"), "rating_links", ["course_id"], unique=False)
    op.create_index(op.f("ix_rating_links_infusion_id"), "rating_links", ["infusion_id"], unique=False)


def downgrade() -> None:
    for name in ("kiosks", "rating_links", "alerts"):
        op.drop_table(name)
