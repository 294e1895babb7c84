"""The history of courses: every change with what it did to each visit. Rows are never altered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.db.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("course_changes", "infusion_changes")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "course_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("override", sa.String(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("course_before", JSON, nullable=True),
        sa.Column("course_after", JSON, nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("undo_until", Instant(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "override IS NULL OR approved_by_id IS NOT NULL", name=op.f("ck_course_changes_override")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_course_changes_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["users.id"],
            name=op.f("fk_course_changes_approved_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_changes_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["course_changes.id"], name=op.f("fk_course_changes_undoes_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_changes")),
        sa.UniqueConstraint("key", name=op.f("uq_course_changes_key")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_course_changes_undoes_id")),
    )
    op.create_index(op.f("ix_course_changes_at"), "course_changes", ["at"], unique=False)
    op.create_index(
        op.f("ix_course_changes_course_id_id"), "course_changes", ["course_id", "id"], unique=False
    )
    op.create_table(
        "infusion_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("infusion_id", sa.Integer(), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["course_changes.id"],
            name=op.f("fk_infusion_changes_change_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["infusion_id"],
            ["infusions.id"],
            name=op.f("fk_infusion_changes_infusion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infusion_changes")),
        sa.UniqueConstraint(
            "change_id", "infusion_id", name=op.f("uq_infusion_changes_change_id_infusion_id")
        ),
    )
    op.create_index(
        op.f("ix_infusion_changes_infusion_id_id"), "infusion_changes", ["infusion_id", "id"], unique=False
    )
    for table in TABLES:
        name = f"append_only_{table}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
        else:
            # A foreign key that forgets a member of staff changes a row from inside a trigger: that may pass.
            op.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
                "WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change()"
            )


def downgrade() -> None:
    op.drop_table("infusion_changes")
    op.drop_table("course_changes")
