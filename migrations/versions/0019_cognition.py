"""Short cognitive tasks: runs, their forms and their results."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.db.base import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
TIME_POINTS = ("baseline", "pre", "post_2h", "day_1", "day_2_7", "weekly")
TABLE = "cognitive_runs"
CHECKS = {
    "ended": "(state = 'begun') = (ended_at IS NULL)",
    "form": "(state = 'left_out') = (form IS NULL)",
    "score": "(state = 'complete') = (score IS NOT NULL)",
    "reason": "(state IN ('interrupted', 'left_out')) = (reason IS NOT NULL)",
    "learned": "(task = 'recognise' AND form IS NOT NULL) = (learned_id IS NOT NULL)",
    "infusion": "(time_point IN ('baseline', 'weekly')) = (infusion_id IS NULL)",
    "week": "(time_point = 'weekly') = (week > 0) AND week BETWEEN 0 AND 52",
}
REFERENCES = {
    "course_id": "courses",
    "infusion_id": "infusions",
    "patient_id": "patients",
    "learned_id": TABLE,
}
CURRENT = "state IN ('complete', 'left_out')"


def _enum(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """Make the table of runs."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("infusion_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        _enum("time_point", *TIME_POINTS),
        sa.Column("week", sa.Integer(), nullable=False),
        _enum("task", "places", "pairs", "recognise"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=True),
        sa.Column("learned_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        _enum("source", "patient", "kiosk", "staff"),
        _enum("state", "begun", "complete", "interrupted", "left_out"),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("practised", sa.Integer(), nullable=False),
        sa.Column("device", JSON, nullable=False),
        sa.Column("responses", JSON, nullable=False),
        sa.Column("score", JSON, nullable=True),
        sa.Column("begun_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}")) for name, rule in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{to}.id"], name=op.f(f"fk_{TABLE}_{column}"), ondelete="RESTRICT"
            )
            for column, to in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{TABLE}_key")),
    )
    op.create_index(op.f(f"ix_{TABLE}_course_id"), TABLE, ["course_id"], unique=False)
    op.create_index(op.f(f"ix_{TABLE}_patient_id_task"), TABLE, ["patient_id", "task"], unique=False)
    for name, columns, rule in (
        ("current", ["infusion_id", "task", "time_point"], CURRENT),
        (
            "current_of_course",
            ["course_id", "task", "time_point", "week"],
            f"{CURRENT} AND infusion_id IS NULL",
        ),
    ):
        op.create_index(
            f"uq_{TABLE}_{name}",
            TABLE,
            columns,
            unique=True,
            sqlite_where=sa.text(rule),
            postgresql_where=sa.text(rule),
        )


def downgrade() -> None:
    """Drop them."""
    op.drop_table(TABLE)
