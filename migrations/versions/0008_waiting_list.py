"""Who waits for an earlier or better time, and what was offered to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.db.base import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
STATUSES = ("waiting", "offered", "accepted", "declined", "expired", "withdrawn", "settled")
STILL_OPEN = "status IN ('waiting', 'offered', 'declined', 'expired')"


def upgrade() -> None:
    op.create_table(
        "waiting_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(*STATUSES, name="status", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("earlier", sa.Boolean(), nullable=False),
        sa.Column("half_days", JSON, nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("offer", sa.String(), nullable=True),
        sa.Column("offer_gain", sa.Integer(), nullable=True),
        sa.Column("offer_until", Instant(), nullable=True),
        sa.Column("best_gain", sa.Integer(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("notice_hours BETWEEN 0 AND 336", name=op.f("ck_waiting_entries_notice")),
        sa.CheckConstraint(
            "(status = 'offered') = (offer IS NOT NULL) AND (offer IS NULL) = (offer_until IS NULL)",
            name=op.f("ck_waiting_entries_offer"),
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["course_changes.id"], name=op.f("fk_waiting_entries_change_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_waiting_entries_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["infusion_id"], ["infusions.id"], name=op.f("fk_waiting_entries_infusion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entries")),
    )  # fmt: skip
    _once("uq_waiting_entries_visit", "infusion_id", STILL_OPEN)
    _once("uq_waiting_entries_course", "course_id", f"infusion_id IS NULL AND {STILL_OPEN}")
    op.create_index("ix_waiting_entries_course", "waiting_entries", ["course_id", "id"])
    op.create_index("ix_waiting_entries_status", "waiting_entries", ["status", "id"])
    op.create_index("ix_waiting_entries_change", "waiting_entries", ["change_id"])
    op.create_table(
        "waiting_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_waiting_events_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waiting_entries.id"], name=op.f("fk_waiting_events_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_events")),
    )
    op.create_index("ix_waiting_events_entry", "waiting_events", ["entry_id", "id"])


def _once(name: str, column: str, where: str) -> None:
    """An entry is made once while one is open."""
    op.create_index(
        name,
        "waiting_entries",
        [column],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def downgrade() -> None:
    op.drop_table("waiting_events")
    op.drop_table("waiting_entries")
