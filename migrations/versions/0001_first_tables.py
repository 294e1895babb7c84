"""First tables: sites and staff, protocols, patients, courses, ratings, messages, audit.

What no column can say (overlaps, append-only) follows in 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.db.base import ByteText, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PURPOSES = (
    "booking_confirmation",
    "invitation",
    "invitation_withdrawn",
    "reminder",
    "visit_moved",
    "visit_cancelled",
    "answer",
    "test",
    "digest",
    "questions",
    "request_received",
    "consultation_booked",
    "consultation_moved",
    "consultation_cancelled",
    "consultation_reminder",
    "pages",
    "consents",
    "account",
)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
REQUEST_STATUSES = (
    "new",
    "contacted",
    "booked",
    "seen",
    "suitable",
    "not_now",
    "referred",
    "closed",
)


def upgrade() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    op.create_index(op.f("ix_login_attempts_account_at"), "login_attempts", ["account", "at"], unique=False)
    op.create_index(op.f("ix_login_attempts_address_at"), "login_attempts", ["address", "at"], unique=False)

    op.create_table(
        "protocols",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "site_ids",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocols")),
        sa.UniqueConstraint("name", name=op.f("uq_protocols_name")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("discreet_name", sa.String(), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("from_email", sa.String(), nullable=False),
        sa.Column("video_url", sa.String(), nullable=False),
        sa.Column("date_order", sa.String(), nullable=False),
        sa.Column("clock24", sa.Boolean(), nullable=False),
        sa.Column("weight_unit", sa.String(), nullable=False),
        sa.Column("turnover_minutes", sa.Integer(), nullable=False),
        sa.Column("soft_load_pct", sa.Integer(), nullable=False),
        sa.Column("last_record_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.CheckConstraint("date_order IN ('dmy', 'mdy', 'ymd')", name=op.f("ck_sites_date_order")),
        sa.CheckConstraint("weight_unit IN ('kg', 'lb')", name=op.f("ck_sites_weight_unit")),
        sa.CheckConstraint("soft_load_pct BETWEEN 1 AND 100", name=op.f("ck_sites_soft_load")),
        sa.CheckConstraint("turnover_minutes BETWEEN 0 AND 120", name=op.f("ck_sites_turnover")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("code", name=op.f("uq_sites_code")),
    )
    op.create_table(
        "worker_ticks",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("last_tick_at", Instant(), nullable=False),
        sa.Column("ticks", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_ticks")),
    )
    op.create_table(
        "chairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("chair_type", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.CheckConstraint("chair_type IN ('chair', 'bed', 'room')", name=op.f("ck_chairs_chair_type")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_chairs_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chairs")),
        sa.UniqueConstraint("id", "site_id", name="uq_chairs_id_site_id"),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_chairs_site_id_name")),
    )
    op.create_table(
        "holiday_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_holiday_openings_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_openings")),
        sa.UniqueConstraint("site_id", "day", name=op.f("uq_holiday_openings_site_id_day")),
    )
    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440",
            name=op.f("ck_opening_hours_minutes"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_opening_hours_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
        sa.UniqueConstraint(
            "site_id", "weekday", "from_minute", name=op.f("uq_opening_hours_site_id_weekday_from_minute")
        ),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_number", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("guardian_name", sa.String(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column(
            "merge",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_patients_language")),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR archived_at IS NOT NULL", name=op.f("ck_patients_merged")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["patients.id"],
            name=op.f("fk_patients_merged_into_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_patients_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
        sa.UniqueConstraint("record_number", name=op.f("uq_patients_record_number")),
    )
    op.create_index(
        op.f("ix_patients_family_name_given_name_id"),
        "patients",
        ["family_name", "given_name", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_patients_merged_into_id"), "patients", ["merged_into_id"], unique=False)
    op.create_index(
        "ix_patients_own_zone",
        "patients",
        ["time_zone"],
        unique=False,
        sqlite_where=sa.text("time_zone IS NOT NULL"),
        postgresql_where=sa.text("time_zone IS NOT NULL"),
    )
    op.create_index(
        "ix_patients_archive",
        "patients",
        ["id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NOT NULL"),
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("wants_digest", sa.Boolean(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_users_site_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column(
            "detail",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_audit_events_actor_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(op.f("ix_audit_events_action_id"), "audit_events", ["action", "id"], unique=False)
    op.create_index(op.f("ix_audit_events_actor_id_id"), "audit_events", ["actor_id", "id"], unique=False)
    op.create_index(op.f("ix_audit_events_at"), "audit_events", ["at"], unique=False)
    op.create_index(
        op.f("ix_audit_events_entity_entity_id"), "audit_events", ["entity", "entity_id"], unique=False
    )
    op.create_index(op.f("ix_audit_events_patient_id_at"), "audit_events", ["patient_id", "at"], unique=False)

    op.create_table(
        "availability_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440",
            name=op.f("ck_availability_windows_minutes"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_availability_windows_weekday")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name=op.f("fk_availability_windows_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_windows")),
    )
    op.create_index(
        op.f("ix_availability_windows_patient_id"), "availability_windows", ["patient_id"], unique=False
    )

    op.create_table(
        "blackouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=True),
        sa.Column("to_minute", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(from_minute IS NULL AND to_minute IS NULL) OR (from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440)",
            name=op.f("ck_blackouts_minutes"),
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_blackouts_order")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_blackouts_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackouts")),
    )
    op.create_index(op.f("ix_blackouts_patient_id"), "blackouts", ["patient_id"], unique=False)

    op.create_table(
        "closures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_closures_order")),
        sa.ForeignKeyConstraint(
            ["chair_id"], ["chairs.id"], name=op.f("fk_closures_chair_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_closures_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    op.create_index(op.f("ix_closures_site_id_starts_at"), "closures", ["site_id", "starts_at"], unique=False)

    op.create_table(
        "duty_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum("nurse", "clinician", name="duty", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("from_minute", sa.Integer(), nullable=True),
        sa.Column("to_minute", sa.Integer(), nullable=True),
        sa.Column(
            "breaks",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(site_id IS NULL AND from_minute IS NULL AND to_minute IS NULL) OR (site_id IS NOT NULL AND from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440)",
            name=op.f("ck_duty_exceptions_away_or_there"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_duty_exceptions_site_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_duty_exceptions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_exceptions")),
    )
    op.create_index(op.f("ix_duty_exceptions_day"), "duty_exceptions", ["day"], unique=False)
    op.create_index(
        op.f("ix_duty_exceptions_user_id_day"), "duty_exceptions", ["user_id", "day"], unique=False
    )

    op.create_table(
        "duty_patterns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum("nurse", "clinician", name="duty", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.Column(
            "breaks",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440",
            name=op.f("ck_duty_patterns_minutes"),
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_duty_patterns_validity")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_duty_patterns_weekday")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_duty_patterns_site_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_duty_patterns_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_patterns")),
    )
    op.create_index(
        op.f("ix_duty_patterns_site_id_weekday"), "duty_patterns", ["site_id", "weekday"], unique=False
    )
    op.create_index(op.f("ix_duty_patterns_user_id"), "duty_patterns", ["user_id"], unique=False)

    op.create_table(
        "patient_search_keys",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("key", ByteText, nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name=op.f("fk_patient_search_keys_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "key", name=op.f("pk_patient_search_keys")),
    )
    op.create_index("ix_patient_search_keys_key", "patient_search_keys", ["key", "patient_id"], unique=False)

    op.create_table(
        "protocol_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("infusions", sa.Integer(), nullable=False),
        sa.Column("gap_min", sa.Integer(), nullable=False),
        sa.Column("gap_max", sa.Integer(), nullable=False),
        sa.Column("gap_target", sa.Integer(), nullable=False),
        sa.Column("span_min", sa.Integer(), nullable=False),
        sa.Column("span_max", sa.Integer(), nullable=False),
        sa.Column("recovery_gap_max", sa.Integer(), nullable=False),
        sa.Column("recovery_span_max", sa.Integer(), nullable=False),
        sa.Column("chair_type", sa.String(), nullable=True),
        sa.Column(
            "rating_plan",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "chair_type IS NULL OR chair_type IN ('chair', 'bed', 'room')",
            name=op.f("ck_protocol_versions_chair_type"),
        ),
        sa.CheckConstraint(
            "gap_min >= 1 AND gap_min <= gap_target AND gap_target <= gap_max",
            name=op.f("ck_protocol_versions_gap"),
        ),
        sa.CheckConstraint("infusions BETWEEN 1 AND 24", name=op.f("ck_protocol_versions_infusions")),
        sa.CheckConstraint(
            "recovery_gap_max >= gap_max AND recovery_span_max >= span_max",
            name=op.f("ck_protocol_versions_recovery"),
        ),
        sa.CheckConstraint("span_min >= 1 AND span_min <= span_max", name=op.f("ck_protocol_versions_span")),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_protocol_versions_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["protocol_id"],
            ["protocols.id"],
            name=op.f("fk_protocol_versions_protocol_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_versions")),
        sa.UniqueConstraint("protocol_id", "version", name=op.f("uq_protocol_versions_protocol_id_version")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("locked_at", Instant(), nullable=True),
        sa.Column("wrong_pins", sa.Integer(), nullable=False),
        sa.Column("proved_at", Instant(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_staff_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index(op.f("ix_staff_sessions_user_id"), "staff_sessions", ["user_id"], unique=False)

    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "front_desk",
                "nurse",
                "clinician",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("protocol_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "on_hold",
                "completed",
                "discontinued",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.String(), nullable=True),
        sa.Column(
            "wishes",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("booking_key", sa.String(), nullable=False),
        sa.Column("booking_digest", sa.String(), nullable=False),
        sa.Column("bend", sa.String(), nullable=True),
        sa.Column("bend_reason", sa.String(), nullable=True),
        sa.Column("booked_at", Instant(), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.Column("entered", sa.Boolean(), nullable=False),
        sa.Column("hold_until", sa.Date(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("signatures BETWEEN 0 AND 2", name=op.f("ck_courses_signatures")),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["users.id"], name=op.f("fk_courses_booked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_courses_patient_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["protocol_version_id"],
            ["protocol_versions.id"],
            name=op.f("fk_courses_protocol_version_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_courses_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.CheckConstraint("(bend IS NULL) = (bend_reason IS NULL)", name=op.f("ck_courses_bend")),
        sa.UniqueConstraint("booking_key", name=op.f("uq_courses_booking_key")),
        sa.UniqueConstraint("id", "patient_id", name="uq_courses_id_patient_id"),
    )
    op.create_index("ix_courses_closed", "courses", ["closed_at", "id"], unique=False)
    op.create_index(op.f("ix_courses_signatures_site_id"), "courses", ["signatures", "site_id"], unique=False)
    op.create_index(op.f("ix_courses_patient_id"), "courses", ["patient_id"], unique=False)
    op.create_index(op.f("ix_courses_site_id_status"), "courses", ["site_id", "status"], unique=False)

    op.create_table(
        "protocol_phases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol_version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("patients_per_nurse", sa.Integer(), nullable=False),
        sa.Column("clinician_present", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "minutes BETWEEN 10 AND 600 AND minutes % 10 = 0", name=op.f("ck_protocol_phases_minutes")
        ),
        sa.CheckConstraint(
            "patients_per_nurse IN (1, 2, 3, 4, 6)", name=op.f("ck_protocol_phases_patients_per_nurse")
        ),
        sa.ForeignKeyConstraint(
            ["protocol_version_id"],
            ["protocol_versions.id"],
            name=op.f("fk_protocol_phases_protocol_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_phases")),
        sa.UniqueConstraint(
            "protocol_version_id", "position", name=op.f("uq_protocol_phases_protocol_version_id_position")
        ),
    )
    op.create_table(
        "infusions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "arrived",
                "in_progress",
                "completed",
                "missed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.String(), nullable=True),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("chair_until", Instant(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("confirmation", sa.String(), nullable=False),
        sa.Column("confirmation_at", Instant(), nullable=True),
        sa.Column("confirmation_source", sa.String(), nullable=True),
        sa.Column("arrived_at", Instant(), nullable=True),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.Column("expected_at", Instant(), nullable=True),
        sa.Column("stopped_early", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("schedule_version", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", Instant(), nullable=False),
        sa.Column("ics_uid", sa.String(), nullable=False),
        sa.Column("ics_sequence", sa.Integer(), nullable=False),
        sa.Column("ics_dtstamp", Instant(), nullable=False),
        sa.Column("ics_organizer", sa.String(), nullable=False),
        sa.CheckConstraint(
            "confirmation IN ('none', 'confirmed', 'change_asked')", name=op.f("ck_infusions_confirmation")
        ),
        sa.CheckConstraint(
            "confirmation_source IS NULL OR confirmation_source IN ('page', 'text', 'calendar', 'desk')",
            name=op.f("ck_infusions_confirmation_source"),
        ),
        sa.CheckConstraint(
            "chair_id IS NOT NULL OR status IN ('completed', 'missed', 'cancelled')",
            name=op.f("ck_infusions_chair_while_open"),
        ),
        sa.CheckConstraint("counts IS NULL OR stopped_early", name=op.f("ck_infusions_counts")),
        sa.CheckConstraint("number BETWEEN 1 AND 24", name=op.f("ck_infusions_number")),
        sa.CheckConstraint("starts_at < ends_at AND ends_at <= chair_until", name=op.f("ck_infusions_order")),
        sa.ForeignKeyConstraint(
            ["chair_id", "site_id"],
            ["chairs.id", "chairs.site_id"],
            name="fk_infusions_chair_site",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["courses.id", "courses.patient_id"],
            name="fk_infusions_course_patient",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["infusions.id"], name=op.f("fk_infusions_replaces_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infusions")),
        sa.UniqueConstraint("ics_uid", name=op.f("uq_infusions_ics_uid")),
    )
    op.create_index("ix_infusions_chair_start", "infusions", ["chair_id", "starts_at"], unique=False)
    op.create_index("ix_infusions_patient_start", "infusions", ["patient_id", "starts_at"], unique=False)
    op.create_index(
        "ix_infusions_site_start",
        "infusions",
        ["site_id", "starts_at", "status", "course_id", "chair_id", "arrived_at", "scheduled_at"],
        unique=False,
    )
    op.create_index(
        "ix_infusions_course",
        "infusions",
        ["course_id", "number", "status", "schedule_version", "local_day"],
        unique=False,
    )
    op.create_index("ix_infusions_status_start", "infusions", ["status", "starts_at"], unique=False)
    op.create_index(
        "uq_infusions_open_number",
        "infusions",
        ["course_id", "number"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('missed', 'cancelled')"),
        postgresql_where=sa.text("status NOT IN ('missed', 'cancelled')"),
    )

    op.create_table(
        "reminder_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", Instant(), nullable=True),
        sa.CheckConstraint("days_before BETWEEN 0 AND 30", name=op.f("ck_reminder_rules_days_before")),
        sa.ForeignKeyConstraint(
            ["protocol_id"], ["protocols.id"], name=op.f("fk_reminder_rules_protocol_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rules")),
    )
    op.create_index(
        "uq_reminder_rules_protocol",
        "reminder_rules",
        ["protocol_id", "channel", "days_before"],
        unique=True,
        sqlite_where=sa.text("protocol_id IS NOT NULL"),
        postgresql_where=sa.text("protocol_id IS NOT NULL"),
    )
    op.create_index(
        "uq_reminder_rules_all",
        "reminder_rules",
        ["channel", "days_before"],
        unique=True,
        sqlite_where=sa.text("protocol_id IS NULL"),
        postgresql_where=sa.text("protocol_id IS NULL"),
    )

    op.create_table(
        "consultation_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("half_days", JSON, nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("is_minor", sa.Boolean(), nullable=False),
        sa.Column("guardian_name", sa.String(), nullable=False),
        sa.Column("consent_at", Instant(), nullable=False),
        sa.Column("consent_words", sa.String(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*REQUEST_STATUSES, name="status", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("status_since", Instant(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("found_by", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_consultation_requests_language")),
        sa.CheckConstraint(
            "way IN ('in_person', 'phone', 'video')", name=op.f("ck_consultation_requests_way")
        ),
        sa.CheckConstraint("source IN ('page', 'desk')", name=op.f("ck_consultation_requests_source")),
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL",
            name=op.f("ck_consultation_requests_reachable"),
        ),
        sa.CheckConstraint(
            "status <> 'suitable' OR patient_id IS NOT NULL", name=op.f("ck_consultation_requests_suitable")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_consultation_requests_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name=op.f("fk_consultation_requests_patient_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_consultation_requests_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_requests")),
        sa.UniqueConstraint("request_key", name=op.f("uq_consultation_requests_request_key")),
    )
    op.create_index(
        op.f("ix_consultation_requests_status_status_since"),
        "consultation_requests",
        ["status", "status_since"],
        unique=False,
    )
    op.create_index(
        op.f("ix_consultation_requests_patient_id"), "consultation_requests", ["patient_id"], unique=False
    )
    op.create_index(
        op.f("ix_consultation_requests_received_at"), "consultation_requests", ["received_at"], unique=False
    )
    op.create_table(
        "request_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_request_events_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["consultation_requests.id"],
            name=op.f("fk_request_events_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_events")),
    )
    op.create_index(
        op.f("ix_request_events_request_id_id"), "request_events", ["request_id", "id"], unique=False
    )
    op.create_table(
        "consultations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("confirmation", sa.String(), nullable=False),
        sa.Column("confirmation_at", Instant(), nullable=True),
        sa.Column("arrived_at", Instant(), nullable=True),
        sa.Column("booked_at", Instant(), nullable=False),
        sa.Column("booking_key", sa.String(), nullable=False),
        sa.Column("schedule_version", sa.Integer(), nullable=False),
        sa.Column("ics_uid", sa.String(), nullable=False),
        sa.Column("ics_sequence", sa.Integer(), nullable=False),
        sa.Column("ics_dtstamp", Instant(), nullable=False),
        sa.Column("ics_organizer", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_consultations_order")),
        sa.CheckConstraint("way IN ('in_person', 'phone', 'video')", name=op.f("ck_consultations_way")),
        sa.CheckConstraint(
            "status IN ('scheduled', 'seen', 'missed', 'cancelled')", name=op.f("ck_consultations_status")
        ),
        sa.CheckConstraint(
            "confirmation IN ('none', 'confirmed', 'change_asked')",
            name=op.f("ck_consultations_confirmation"),
        ),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["users.id"], name=op.f("fk_consultations_clinician_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["consultation_requests.id"],
            name=op.f("fk_consultations_request_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_consultations_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        sa.UniqueConstraint("booking_key", name=op.f("uq_consultations_booking_key")),
        sa.UniqueConstraint("ics_uid", name=op.f("uq_consultations_ics_uid")),
    )
    op.create_index(
        op.f("ix_consultations_clinician_id_starts_at"),
        "consultations",
        ["clinician_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_consultations_site_id_starts_at"), "consultations", ["site_id", "starts_at"], unique=False
    )
    op.create_index(op.f("ix_consultations_request_id"), "consultations", ["request_id"], unique=False)
    op.create_index(
        "uq_consultations_open",
        "consultations",
        ["request_id"],
        unique=True,
        sqlite_where=sa.text("status = 'scheduled'"),
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                *PURPOSES,
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
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "dead",
                "suppressed",
                "expired",
                "unknown",
                "void",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("schedule_version", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("lease_by", sa.String(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("rendered_at", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("receipt_at", Instant(), nullable=True),
        sa.CheckConstraint("attempts >= 0 AND fence >= 0", name=op.f("ck_messages_counts")),
        sa.CheckConstraint(
            "(CASE WHEN patient_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN request_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_messages_recipient"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_messages_consultation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["consultation_requests.id"],
            name=op.f("fk_messages_request_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_messages_course_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["infusion_id"], ["infusions.id"], name=op.f("fk_messages_infusion_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_messages_patient_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_messages_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_messages_dedupe_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
    )
    op.create_index(op.f("ix_messages_consultation_id"), "messages", ["consultation_id"], unique=False)
    op.create_index(op.f("ix_messages_course_id"), "messages", ["course_id"], unique=False)
    op.create_index(op.f("ix_messages_created_at"), "messages", ["created_at"], unique=False)
    op.create_index(op.f("ix_messages_infusion_id"), "messages", ["infusion_id"], unique=False)
    op.create_index(op.f("ix_messages_provider_id"), "messages", ["provider_id"], unique=False)
    op.create_index(op.f("ix_messages_request_id"), "messages", ["request_id"], unique=False)
    op.create_index("ix_messages_open", "messages", ["status", "next_attempt_at"], unique=False)
    for name, columns in (
        ("ix_messages_queue", ["next_attempt_at", "id"]),
        ("ix_messages_order", ["patient_id", "channel", "id"]),
    ):
        is_open = sa.text("(status || '') IN ('queued', 'sending')")
        op.create_index(
            name, "messages", columns, unique=False, sqlite_where=is_open, postgresql_where=is_open
        )
    op.create_index(
        op.f("ix_messages_patient_id_created_at"), "messages", ["patient_id", "created_at"], unique=False
    )

    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "time_point",
            sa.Enum(
                "baseline",
                "pre",
                "post_2h",
                "day_1",
                "day_2_7",
                "weekly",
                name="time_point",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "patient",
                "kiosk",
                "staff",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rated_at", Instant(), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("voided_at", Instant(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=True),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_ratings_void")),
        sa.CheckConstraint(
            "(time_point IN ('baseline', 'weekly')) = (infusion_id IS NULL)", name=op.f("ck_ratings_infusion")
        ),
        sa.CheckConstraint(
            "(time_point = 'weekly') = (week > 0) AND week BETWEEN 0 AND 52", name=op.f("ck_ratings_week")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_ratings_course_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_ratings_entered_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["infusion_id"], ["infusions.id"], name=op.f("fk_ratings_infusion_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_ratings_patient_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("key", name=op.f("uq_ratings_key")),
    )
    op.create_index(op.f("ix_ratings_course_id_rated_at"), "ratings", ["course_id", "rated_at"], unique=False)
    op.create_index(op.f("ix_ratings_patient_id"), "ratings", ["patient_id"], unique=False)
    op.create_index(
        "uq_ratings_current",
        "ratings",
        ["infusion_id", "instrument", "time_point"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_index(
        "uq_ratings_current_of_course",
        "ratings",
        ["course_id", "instrument", "time_point", "week"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL AND infusion_id IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL AND infusion_id IS NULL"),
    )

    op.create_table(
        "message_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_attempts_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempts")),
    )
    op.create_index(op.f("ix_message_attempts_message_id"), "message_attempts", ["message_id"], unique=False)


def downgrade() -> None:
    for table in (
        "message_attempts",
        "ratings",
        "messages",
        "consultations",
        "request_events",
        "consultation_requests",
        "reminder_rules",
        "infusions",
        "protocol_phases",
        "courses",
        "user_roles",
        "staff_sessions",
        "protocol_versions",
        "patient_search_keys",
        "duty_patterns",
        "duty_exceptions",
        "closures",
        "blackouts",
        "availability_windows",
        "audit_events",
        "users",
        "patients",
        "opening_hours",
        "holiday_openings",
        "chairs",
        "worker_ticks",
        "sites",
        "protocols",
        "login_attempts",
    ):
        op.drop_table(table)
