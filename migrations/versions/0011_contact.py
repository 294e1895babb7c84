"""What patients allow, addresses that take nothing more, links and what to have ready."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant, Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stopped_addresses",
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('stop', 'bounce', 'carrier')", name=op.f("ck_stopped_addresses_reason")
        ),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_stopped_addresses")),
    )
    op.create_table(
        "preparation_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archived_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["protocol_id"],
            ["protocols.id"],
            name=op.f("fk_preparation_items_protocol_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparation_items")),
    )
    op.create_index(
        op.f("ix_preparation_items_protocol_id_position"),
        "preparation_items",
        ["protocol_id", "position"],
        unique=False,
    )
    op.create_table(
        "contact_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "email",
                "sms",
                "more_texts",
                "detail",
                "invitations",
                "reminders",
                name="topic",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "source IN ('desk', 'patient', 'reply', 'import')", name=op.f("ck_contact_choices_source")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_contact_choices_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_contact_choices_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_choices")),
    )
    op.create_index(
        op.f("ix_contact_choices_patient_id_topic_id"),
        "contact_choices",
        ["patient_id", "topic", "id"],
        unique=False,
    )
    op.create_table(
        "patient_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.Column("last_used_at", Instant(timezone=True), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("asleep_until", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('visit', 'course', 'unsubscribe', 'pages', 'consents')",
            name=op.f("ck_patient_links_purpose"),
        ),
        sa.ForeignKeyConstraint(
            ["infusion_id"], ["infusions.id"], name=op.f("fk_patient_links_infusion_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_patient_links_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_patient_links_token_hash")),
    )
    op.create_index(op.f("ix_patient_links_infusion_id"), "patient_links", ["infusion_id"], unique=False)
    op.create_index(op.f("ix_patient_links_patient_id"), "patient_links", ["patient_id"], unique=False)
    op.create_table(
        "preparation_ticks",
        sa.Column("infusion_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("source IN ('desk', 'patient')", name=op.f("ck_preparation_ticks_source")),
        sa.ForeignKeyConstraint(
            ["infusion_id"],
            ["infusions.id"],
            name=op.f("fk_preparation_ticks_infusion_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["preparation_items.id"],
            name=op.f("fk_preparation_ticks_item_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("infusion_id", "item_id", name=op.f("pk_preparation_ticks")),
    )
    name = "append_only_contact_choices"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON contact_choices BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
    else:
        # A foreign key that forgets a member of staff changes a row from inside a trigger: that may pass.
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON contact_choices FOR EACH ROW "
            "WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("preparation_ticks")
    op.drop_table("patient_links")
    op.drop_table("contact_choices")
    op.drop_table("preparation_items")
    op.drop_table("stopped_addresses")
