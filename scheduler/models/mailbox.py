"""How far the mailbox of replies was read."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class Mailbox(Base):
    """One mailbox by its name (user@host/folder), read up to `last_uid` under `uid_validity`.

    `looked_at` is the last try and `error` what broke in it; `read_at` the last one that got to the end. One
    worker at a time reads it, for as long as its lease lasts.
    """

    __tablename__ = "mailboxes"

    name: Mapped[str] = mapped_column(primary_key=True)
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str | None]
