"""Who waits for an earlier or better time, and what was offered to them."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty until its tables are drawn."""


def downgrade() -> None:
    """Empty until its tables are drawn."""
