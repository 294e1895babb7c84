"""A second factor at log-in, invitations of staff, and lost passwords."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def _user(table: str, column: str = "user_id", ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["users.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _one(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def upgrade() -> None:
    _factors()
    op.create_table(
        "half_log_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("began_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        _user("half_log_ins"),
        _key("half_log_ins"),
        _one("half_log_ins", "token_hash"),
    )
    op.create_index(op.f("ix_half_log_ins_user_id"), "half_log_ins", ["user_id"], unique=False)
    op.create_index(op.f("ix_half_log_ins_ends_at"), "half_log_ins", ["ends_at"], unique=False)
    _mailed()
    op.create_table(
        "access_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", Instant(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        _user("access_reviews", "reviewed_by_id", "SET NULL"),
        _key("access_reviews"),
    )


def _factors() -> None:
    op.create_table(
        "authenticator_apps",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("added_at", Instant(timezone=True), nullable=False),
        _user("authenticator_apps"),
        _key("authenticator_apps", "user_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("used_at", Instant(timezone=True), nullable=True),
        _user("recovery_codes"),
        _key("recovery_codes"),
        _one("recovery_codes", "code_hash"),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", Instant(timezone=True), nullable=False),
        sa.Column("last_used_at", Instant(timezone=True), nullable=True),
        _user("passkeys"),
        _key("passkeys"),
        _one("passkeys", "credential_id"),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"], unique=False)


def _mailed() -> None:
    op.create_table(
        "account_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('invitation', 'lost')", name=op.f("ck_account_links_kind")),
        _user("account_links"),
        _key("account_links"),
        _one("account_links", "token_hash"),
    )
    op.create_index(
        op.f("ix_account_links_user_id_made_at"), "account_links", ["user_id", "made_at"], unique=False
    )
    op.create_table(
        "password_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=False),
        _key("password_asks"),
    )


def downgrade() -> None:
    for name in (
        "access_reviews",
        "password_asks",
        "account_links",
        "half_log_ins",
        "passkeys",
        "recovery_codes",
        "authenticator_apps",
    ):
        op.drop_table(name)
