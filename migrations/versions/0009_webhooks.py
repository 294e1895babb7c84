"""Where other programs are told of changes, and what was told."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty until its tables are drawn."""


def downgrade() -> None:
    """Empty until its tables are drawn."""
