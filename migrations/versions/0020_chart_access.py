"""Who opened a chart that was not theirs, when an unused page locks, and what was typed into a locked one."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _fk(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "access_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lock_minutes", sa.Integer(), nullable=False),
        sa.Column("emergency_minutes", sa.Integer(), nullable=False),
        sa.Column("factor_for_all", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_access_rules_one")),
        sa.CheckConstraint("lock_minutes BETWEEN 1 AND 60", name=op.f("ck_access_rules_lock_minutes")),
        sa.CheckConstraint(
            "emergency_minutes BETWEEN 5 AND 240", name=op.f("ck_access_rules_emergency_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_rules")),
    )
    op.create_table(
        "kept_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", Instant(timezone=True), nullable=False),
        _fk("kept_forms", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_forms")),
    )
    op.create_index(op.f("ix_kept_forms_user_id"), "kept_forms", ["user_id"], unique=False)
    _emergencies()


def _emergencies() -> None:
    op.create_table(
        "emergency_accesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("seen_at", Instant(timezone=True), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("seen_note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(seen_at IS NULL) = (seen_note IS NULL)", name=op.f("ck_emergency_accesses_seen")
        ),
        _fk("emergency_accesses", "user_id", "users", "RESTRICT"),
        _fk("emergency_accesses", "patient_id", "patients", "RESTRICT"),
        _fk("emergency_accesses", "seen_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_accesses")),
    )
    for columns in (["user_id", "ends_at"], ["patient_id"], ["opened_at"]):
        name = op.f(f"ix_emergency_accesses_{'_'.join(columns)}")
        op.create_index(name, "emergency_accesses", columns, unique=False)


def downgrade() -> None:
    for name in ("emergency_accesses", "kept_forms", "access_rules"):
        op.drop_table(name)
