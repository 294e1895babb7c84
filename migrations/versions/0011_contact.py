"""What patients allow, links and feeds they hold, the clinic's own words, replies that came in."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

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
        sa.CheckConstraint("reason IN ('stop', 'bounce')", name=op.f("ck_stopped_addresses_reason")),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_stopped_addresses")),
    )
    op.create_table(
        "preparation_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("words_en", sa.String(), nullable=False),
        sa.Column("words_es", sa.String(), nullable=False),
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
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.Column("last_read_at", Instant(timezone=True), nullable=True),
        sa.Column("last_agent", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN patient_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN chair_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN site_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_feeds_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["chair_id"], ["chairs.id"], name=op.f("fk_feeds_chair_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_feeds_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_feeds_patient_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_feeds_site_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_feeds_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feeds_token_hash")),
    )
    op.create_index(op.f("ix_feeds_chair_id"), "feeds", ["chair_id"], unique=False)
    op.create_index(op.f("ix_feeds_patient_id"), "feeds", ["patient_id"], unique=False)
    op.create_index(op.f("ix_feeds_site_id"), "feeds", ["site_id"], unique=False)
    op.create_index(op.f("ix_feeds_user_id"), "feeds", ["user_id"], unique=False)
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
        "published_calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("next_look_at", Instant(timezone=True), nullable=False),
        sa.Column("lease_by", sa.String(), nullable=True),
        sa.Column("synced_at", Instant(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_published_calendars_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_calendars")),
        sa.UniqueConstraint("user_id", name=op.f("uq_published_calendars_user_id")),
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
        "published_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("put_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["published_calendars.id"],
            name=op.f("fk_published_events_calendar_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_events")),
        sa.UniqueConstraint("calendar_id", "uid", name=op.f("uq_published_events_calendar_id_uid")),
    )
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
        sa.CheckConstraint("purpose IN ('visit')", name=op.f("ck_patient_links_purpose")),
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
    op.drop_table("inbound_messages")
    op.drop_table("published_events")
    op.drop_table("sending_pauses")
    op.drop_table("published_calendars")
    op.drop_table("message_templates")
    op.drop_table("feeds")
    op.drop_table("contact_choices")
    op.drop_table("preparation_items")
    op.drop_table("stopped_addresses")
