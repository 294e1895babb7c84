"""Exports of the whole clinic for other programs."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinic_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("moved_at", Instant(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "position >= 0 AND total >= 0 AND fence >= 0", name=op.f("ck_clinic_exports_counts")
        ),
        sa.CheckConstraint(
            "finished_at IS NOT NULL OR (file IS NULL AND error IS NULL)",
            name=op.f("ck_clinic_exports_finished"),
        ),
        sa.CheckConstraint(
            "file IS NULL OR (expires_at IS NOT NULL AND error IS NULL)", name=op.f("ck_clinic_exports_file")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_clinic_exports_asked_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_exports")),
    )
    op.create_index(op.f("ix_clinic_exports_finished_at"), "clinic_exports", ["finished_at"], unique=False)


def downgrade() -> None:
    op.drop_table("clinic_exports")
