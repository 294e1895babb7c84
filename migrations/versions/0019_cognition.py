"""Short cognitive tasks: runs, their forms and their results.

Once the log of a course is signed, a guard keeps its runs as they were signed. As with ratings the weeks after
the course go on beside it; `patient_id` may follow a merge of two records of one person.
"""

from collections.abc import Iterator

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
    "heard": "(heard_at IS NULL) = (ended_at IS NULL)",
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
SAYS = "ck_signed_course"
KEPT = (
    "course_id", "infusion_id", "time_point", "week", "task", "version", "form", "learned_id", "language",
    "source", "state", "reason", "practised", "device", "responses", "score", "begun_at", "ended_at",
    "heard_at",
)  # fmt: skip


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
        sa.Column("heard_at", Instant(timezone=True), nullable=True),
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
    for guard in _guards():
        _guard(*guard)


def _guards() -> Iterator[tuple[str, str, str]]:
    """Name of the trigger, verb (with its columns), and the row that it looks at."""
    for verb, columns, row in (
        ("INSERT", "", "NEW"),
        ("UPDATE", f" OF {', '.join(KEPT)}", "OLD"),
        ("DELETE", "", "OLD"),
    ):
        yield f"signed_{TABLE}_{verb.lower()}", f"{verb}{columns}", row


def _guard(name: str, verb: str, row: str) -> None:
    where = (
        f"EXISTS (SELECT 1 FROM signed_records AS s WHERE s.course_id = {row}.course_id "
        f"AND s.infusion_id IS NULL AND ({row}.time_point <> 'weekly' OR {row}.heard_at <= s.signed_at))"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} WHEN {where} "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )
        return
    gives = "OLD" if verb == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {where} THEN "
        f"RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation', "
        f"CONSTRAINT = '{SAYS}'; END IF; RETURN {gives}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    """Drop them."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table(TABLE)
    for name, _, _ in () if is_sqlite else _guards():
        op.execute(f"DROP FUNCTION {name}()")
