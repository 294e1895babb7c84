"""Instruments that a clinic writes itself. What was published never changes: answers stand beside it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.db.base import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
FIXED = ("code", "version", "definition", "published_at")


def upgrade() -> None:
    op.create_table(
        "own_instruments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", Instant(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", Instant(timezone=True), nullable=True),
        sa.Column("retired_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["users.id"], name=op.f("fk_own_instruments_saved_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_instruments")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_own_instruments_code_version")),
    )
    op.create_index(
        "uq_own_instruments_draft",
        "own_instruments",
        ["code"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    _guard(op.get_bind().dialect.name)


def _guard(dialect: str) -> None:
    if dialect == "sqlite":
        refuse = "WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'published_instrument'); END"
        op.execute(
            f"CREATE TRIGGER published_instrument_update BEFORE UPDATE OF {', '.join(FIXED)} "
            f"ON own_instruments {refuse}"
        )
        op.execute(f"CREATE TRIGGER published_instrument_delete BEFORE DELETE ON own_instruments {refuse}")
        return
    op.execute(
        "CREATE FUNCTION refuse_published_instrument() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'published_instrument'; END $$"
    )
    call = "FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION refuse_published_instrument()"
    op.execute(
        f"CREATE TRIGGER published_instrument_update BEFORE UPDATE OF {', '.join(FIXED)} "
        f"ON own_instruments {call}"
    )
    op.execute(f"CREATE TRIGGER published_instrument_delete BEFORE DELETE ON own_instruments {call}")


def downgrade() -> None:
    op.drop_table("own_instruments")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_published_instrument()")
