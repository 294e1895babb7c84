"""A stamp that rises with every change of capacity, so that pages may keep what they made from it.

Hours, chairs, closures, duty and protocols change rarely and are read by every proposal. The database
itself raises the stamp, by triggers: no code path, command or repair by hand can forget it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "sites",
    "opening_hours",
    "chairs",
    "closures",
    "holiday_openings",
    "duty_patterns",
    "duty_exceptions",
    "protocols",
    "protocol_versions",
    "protocol_phases",
    "users",
)
RAISE = "UPDATE capacity_stamp SET version = version + 1"


def upgrade() -> None:
    op.create_table(
        "capacity_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_stamp")),
        sa.CheckConstraint("id = 1", name=op.f("ck_capacity_stamp_single")),
    )
    op.execute("INSERT INTO capacity_stamp (id, version) VALUES (1, 0)")
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER stamp_{table}_{verb.lower()} AFTER {verb} ON {table} BEGIN {RAISE}; END"
                )
    else:
        op.execute(
            f"CREATE FUNCTION raise_capacity_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {RAISE}; RETURN NULL; END $$"
        )
        for table in TABLES:
            op.execute(
                f"CREATE TRIGGER stamp_{table} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION raise_capacity_stamp()"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER stamp_{table}_{verb}")
    else:
        for table in TABLES:
            op.execute(f"DROP TRIGGER stamp_{table} ON {table}")
        op.execute("DROP FUNCTION raise_capacity_stamp()")
    op.drop_table("capacity_stamp")
