"""What a clinic wants to be told about."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KINDS = ("item_9", "suicidality", "worsening", "adverse_event", "no_response", "relapse", "booster")


def upgrade() -> None:
    op.create_table(
        "alert_rules",
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("for_nurses", sa.Boolean(), nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=True),
        sa.Column("at_most", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(at_least IS NOT NULL) = (kind IN ('adverse_event', 'no_response', 'booster'))",
            name=op.f("ck_alert_rules_at_least"),
        ),
        sa.CheckConstraint("(at_most IS NOT NULL) = (kind = 'booster')", name=op.f("ck_alert_rules_at_most")),
        sa.CheckConstraint(
            "at_least BETWEEN 1 AND 26 AND at_most BETWEEN at_least AND 26",
            name=op.f("ck_alert_rules_bounds"),
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_alert_rules")),
    )


def downgrade() -> None:
    op.drop_table("alert_rules")
