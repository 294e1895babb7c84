"""Medicines taken beside a course. Once its log is signed, a guard keeps them as they were signed."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.base import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GUARDED = (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))


def upgrade() -> None:
    op.create_table(
        "course_medicines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dose", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("noted_at", Instant(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_at", Instant(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "until_day IS NULL OR from_day IS NULL OR from_day <= until_day",
            name=op.f("ck_course_medicines_days"),
        ),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_reason IS NULL)", name=op.f("ck_course_medicines_struck")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_medicines_course_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["users.id"], name=op.f("fk_course_medicines_noted_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_medicines")),
    )
    op.create_index(op.f("ix_course_medicines_course_id"), "course_medicines", ["course_id"])

    for verb, row in GUARDED:
        _guard(verb, row)


def _guard(verb: str, row: str) -> None:
    name, says = f"signed_course_medicines_{verb.lower()}", "ck_signed_course"
    where = (
        f"EXISTS (SELECT 1 FROM signed_records AS s WHERE s.course_id = {row}.course_id "
        "AND s.infusion_id IS NULL)"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON course_medicines WHEN {where} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {where} THEN "
        f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation', "
        f"CONSTRAINT = '{says}'; END IF; RETURN {row}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {verb} ON course_medicines FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table("course_medicines")
    for verb, _ in GUARDED if not is_sqlite else ():
        op.execute(f"DROP FUNCTION signed_course_medicines_{verb.lower()}()")
