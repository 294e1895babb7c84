"""The clinic's own words, the switch that stops all sending, what came in."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "booking_confirmation",
                "invitation",
                "invitation_withdrawn",
                "reminder",
                "visit_moved",
                "visit_cancelled",
                "answer",
                "test",
                "digest",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["protocol_id"],
            ["protocols.id"],
            name=op.f("fk_message_templates_protocol_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"],
            ["users.id"],
            name=op.f("fk_message_templates_updated_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_templates")),
    )
    op.create_index(
        "uq_message_templates_all",
        "message_templates",
        ["purpose", "channel", "language"],
        unique=True,
        sqlite_where=sa.text("protocol_id IS NULL"),
        postgresql_where=sa.text("protocol_id IS NULL"),
    )
    op.create_index(
        "uq_message_templates_protocol",
        "message_templates",
        ["protocol_id", "purpose", "channel", "language"],
        unique=True,
        sqlite_where=sa.text("protocol_id IS NOT NULL"),
        postgresql_where=sa.text("protocol_id IS NOT NULL"),
    )
    op.create_table(
        "sending_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paused_at", Instant(timezone=True), nullable=False),
        sa.Column("paused_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("resumed_at", Instant(timezone=True), nullable=True),
        sa.Column("resumed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["paused_by_id"], ["users.id"], name=op.f("fk_sending_pauses_paused_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["resumed_by_id"], ["users.id"], name=op.f("fk_sending_pauses_resumed_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_pauses")),
    )
    op.create_index(op.f("ix_sending_pauses_resumed_at"), "sending_pauses", ["resumed_at"], unique=False)
    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("received_at", Instant(timezone=True), nullable=False),
        sa.Column("said_at", Instant(timezone=True), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("understood", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["infusion_id"],
            ["infusions.id"],
            name=op.f("fk_inbound_messages_infusion_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_inbound_messages_patient_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_messages")),
        sa.UniqueConstraint("channel", "provider_id", name=op.f("uq_inbound_messages_channel_provider_id")),
    )
    op.create_index(
        op.f("ix_inbound_messages_patient_id_received_at"),
        "inbound_messages",
        ["patient_id", "received_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inbound_messages_received_at"), "inbound_messages", ["received_at"], unique=False
    )
    op.create_index(
        op.f("ix_inbound_messages_sender_received_at"),
        "inbound_messages",
        ["sender", "received_at"],
        unique=False,
    )
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", Instant(timezone=True), nullable=True),
        sa.Column("read_at", Instant(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("lease_until", Instant(timezone=True), nullable=True),
        sa.Column("lease_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailboxes")),
    )


def downgrade() -> None:
    op.drop_table("mailboxes")
    op.drop_table("inbound_messages")
    op.drop_table("sending_pauses")
    op.drop_table("message_templates")
