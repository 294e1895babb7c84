"""Tokens that open a part of Sixfold without a log-in: for programs (API) and for wall screens."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json


class AccessToken(Base):
    """One token. Whoever holds it knows its secret; the row knows only the SHA-256 of it.

    `kind` is "api" (sent as a bearer token, limited to `scopes`), "wall" (part of an address, shows one
    screen) or "metrics" (sent as a bearer token, reads figures alone). `site_id` limits it to one site. It
    ends at `expires_at`, or when somebody revokes it, or when the member of staff who made it leaves.
    """

    __tablename__ = "access_tokens"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("kind IN ('api', 'wall', 'metrics')", name="kind"),
        Index(None, "kind", "created_at"),
        Index(None, "created_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    token_hash: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(Json, default=list)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
