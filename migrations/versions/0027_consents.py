"""Consents: the clinic's own texts, their versions, and who signed them.

Two triggers on each of two tables keep what was read and signed: a published version is never changed or
thrown away, and a signature takes one withdrawal and nothing else. `patient_id` may follow a merge of two
records of one person, and `withdrawn_by_id` the loss of an account.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant, Json

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

VERSION = ("form_id", "version", "words", "asks_again", "published_at")
SIGNATURE = ("version_id", "key", "signed_at", "signed_name", "signed_as", "source", "record", "digest")
WITHDRAWAL = ("withdrawn_at", "withdrawn_by", "withdraw_reason")
PUBLISHED, WITHDRAWN = "OLD.published_at IS NOT NULL", "OLD.withdrawn_at IS NOT NULL"
RULES = (
    ("fixed_consent_text_update", "consent_versions", f"UPDATE OF {', '.join(VERSION)}", PUBLISHED),
    ("fixed_consent_text_delete", "consent_versions", "DELETE", PUBLISHED),
    ("fixed_consent_update", "consent_signatures", f"UPDATE OF {', '.join(SIGNATURE)}", "1 = 1"),
    ("fixed_consent_withdrawal", "consent_signatures", f"UPDATE OF {', '.join(WITHDRAWAL)}", WITHDRAWN),
    ("fixed_consent_delete", "consent_signatures", "DELETE", "1 = 1"),
)
SAYS = {"consent_versions": "ck_published_consent", "consent_signatures": "ck_signed_consent"}


def upgrade() -> None:
    _texts()
    _signatures()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        for table, says in SAYS.items():
            op.execute(
                f"CREATE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation', "
                f"CONSTRAINT = '{says}'; END $$"
            )
    for name, table, verb, where in RULES:
        does = (
            f"BEGIN SELECT RAISE(ABORT, '{SAYS[table]}'); END"
            if is_sqlite
            else f"EXECUTE FUNCTION refuse_{table}()"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({where}) {does}")


def _at(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Instant(timezone=True), nullable=nullable)


def _fk(table: str, column: str, to: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _texts() -> None:
    op.create_table(
        "consent_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("protocol_ids", Json, nullable=False),
        sa.Column("site_ids", Json, nullable=False),
        _at("retired_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_forms")),
    )
    op.create_table(
        "consent_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("asks_again", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _at("saved_at"),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        _at("published_at", nullable=True),
        _fk("consent_versions", "form_id", "consent_forms"),
        _fk("consent_versions", "saved_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_versions")),
        sa.UniqueConstraint("form_id", "version", name=op.f("uq_consent_versions_form_id_version")),
    )
    op.create_index(
        "uq_consent_versions_draft",
        "consent_versions",
        ["form_id"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )


def _signatures() -> None:
    op.create_table(
        "consent_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        _at("signed_at"),
        sa.Column("signed_name", sa.String(), nullable=False),
        sa.Column("signed_as", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        _at("withdrawn_at", nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdraw_reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "signed_as IN ('patient', 'guardian')", name=op.f("ck_consent_signatures_signed_as")
        ),
        sa.CheckConstraint("source IN ('link', 'tablet')", name=op.f("ck_consent_signatures_source")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) "
            "AND (withdrawn_by IS NULL OR withdrawn_by IN ('patient', 'desk'))",
            name=op.f("ck_consent_signatures_withdrawn"),
        ),
        _fk("consent_signatures", "patient_id", "patients"),
        _fk("consent_signatures", "version_id", "consent_versions"),
        _fk("consent_signatures", "withdrawn_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_signatures")),
        sa.UniqueConstraint("key", name=op.f("uq_consent_signatures_key")),
    )
    for column in ("patient_id", "version_id"):
        op.create_index(op.f(f"ix_consent_signatures_{column}"), "consent_signatures", [column], unique=False)


def downgrade() -> None:
    for table in ("consent_signatures", "consent_versions", "consent_forms"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in SAYS:
            op.execute(f"DROP FUNCTION refuse_{table}()")
