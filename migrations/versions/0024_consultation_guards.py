"""What the database refuses about consultations: two at once for one clinician; and the links to their pages.

A booked consultation is taken out of its clinician's presence, so that every change of one raises the stamp
of the capacity (0003). So does another name of whoever asked: what is kept under the stamp says whose it is.
"""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NAME = "ex_consultations_clinician"
NAMES = "UPDATE OF given_name, family_name ON consultation_requests"
RAISE = "UPDATE capacity_stamp SET version = version + 1"


def upgrade() -> None:
    op.create_table(
        "consultation_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("last_used_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_consultation_links_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_consultation_links_token_hash")),
    )
    op.create_index(
        op.f("ix_consultation_links_consultation_id"), "consultation_links", ["consultation_id"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(f"DROP TRIGGER {NAME}_{verb}")
        for verb in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER stamp_consultations_{verb}")
        op.execute("DROP TRIGGER stamp_request_names")
    else:
        op.execute(f"ALTER TABLE consultations DROP CONSTRAINT {NAME}")
        op.execute("DROP TRIGGER stamp_consultations ON consultations")
        op.execute("DROP TRIGGER stamp_request_names ON consultation_requests")
    op.drop_table("consultation_links")


def _guard_sqlite() -> None:
    clash = f"""
        SELECT RAISE(ABORT, '{NAME}') FROM consultations AS other
        WHERE other.clinician_id = NEW.clinician_id AND other.id <> NEW.id
          AND other.status NOT IN ('missed', 'cancelled')
          AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
          AND other.starts_at > datetime(NEW.starts_at, '-1 day');
    """
    for verb, columns in (("insert", ""), ("update", "OF clinician_id, starts_at, ends_at, status")):
        op.execute(
            f"CREATE TRIGGER {NAME}_{verb} AFTER {verb.upper()} {columns} ON consultations "
            f"WHEN NEW.status NOT IN ('missed', 'cancelled') BEGIN {clash} END"
        )
    for verb in ("INSERT", "UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER stamp_consultations_{verb.lower()} AFTER {verb} ON consultations BEGIN {RAISE}; END"
        )
    op.execute(f"CREATE TRIGGER stamp_request_names AFTER {NAMES} BEGIN {RAISE}; END")


def _guard_postgresql() -> None:
    op.execute(
        f"ALTER TABLE consultations ADD CONSTRAINT {NAME} EXCLUDE USING gist "
        "(clinician_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) "
        "WHERE (status NOT IN ('missed', 'cancelled'))"
    )
    op.execute(
        "CREATE TRIGGER stamp_consultations AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON consultations "
        "FOR EACH STATEMENT EXECUTE FUNCTION raise_capacity_stamp()"
    )
    op.execute(
        f"CREATE TRIGGER stamp_request_names AFTER {NAMES} "
        "FOR EACH STATEMENT EXECUTE FUNCTION raise_capacity_stamp()"
    )
