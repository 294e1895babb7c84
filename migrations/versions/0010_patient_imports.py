"""Files of patients brought in, line by line."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant, Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATES = ("matching", "checking", "checked", "adding", "stopped", "done", "taking_back", "taken_back")
OUTCOMES = ("ready", "likely", "already", "wrong", "added", "taken_back")


def upgrade() -> None:
    op.create_table(
        "patient_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("separator", sa.String(), nullable=False),
        sa.Column("head", Json, nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("date_order", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("is_cut_off", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("moved_at", Instant(), nullable=False),
        sa.Column("lease_by", sa.String(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "total >= 0 AND position >= 0 AND fence >= 0", name=op.f("ck_patient_imports_counts")
        ),
        sa.CheckConstraint("date_order IN ('dmy', 'mdy', 'ymd')", name=op.f("ck_patient_imports_date_order")),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_patient_imports_language")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_patient_imports_asked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_patient_imports_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_patient_imports_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_imports")),
    )
    op.create_index(op.f("ix_patient_imports_state"), "patient_imports", ["state"], unique=False)
    op.create_index(op.f("ix_patient_imports_sha256"), "patient_imports", ["sha256"], unique=False)
    op.create_table(
        "patient_import_pieces",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["patient_imports.id"],
            name=op.f("fk_patient_import_pieces_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_patient_import_pieces")),
    )
    op.create_table(
        "patient_import_rows",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("record_number", sa.String(), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("cells", Json, nullable=False),
        sa.Column("problems", Json, nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["patient_imports.id"],
            name=op.f("fk_patient_import_rows_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name=op.f("fk_patient_import_rows_patient_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_patient_import_rows")),
    )
    for columns in (
        ("digest",),
        ("patient_id",),
        ("import_id", "outcome", "number"),
        ("import_id", "person"),
        ("import_id", "record_number"),
    ):
        op.create_index(
            op.f(f"ix_patient_import_rows_{'_'.join(columns)}"),
            "patient_import_rows",
            list(columns),
            unique=False,
        )


def downgrade() -> None:
    op.drop_table("patient_import_rows")
    op.drop_table("patient_import_pieces")
    op.drop_table("patient_imports")
