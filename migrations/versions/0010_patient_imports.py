"""Files of patients brought in, line by line."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty until its tables are drawn."""


def downgrade() -> None:
    """Empty until its tables are drawn."""
