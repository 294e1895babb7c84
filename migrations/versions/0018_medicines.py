"""Medicines taken beside a course."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_medicines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dose", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("noted_at", Instant(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_at", Instant(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "until_day IS NULL OR from_day IS NULL OR from_day <= until_day",
            name=op.f("ck_course_medicines_days"),
        ),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_reason IS NULL)", name=op.f("ck_course_medicines_struck")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_medicines_course_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["users.id"], name=op.f("fk_course_medicines_noted_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_medicines")),
    )
    op.create_index(op.f("ix_course_medicines_course_id"), "course_medicines", ["course_id"])


def downgrade() -> None:
    op.drop_table("course_medicines")
