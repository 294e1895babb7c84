"""What a site decided about its public request page. A site without a row has the page, with the defaults."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base

KEEP_DAYS = 90
"""How long somebody's data stay where nothing came of their request, unless the site says otherwise."""


class RequestPage(Base):
    """One site's page: whether it takes requests, and after how many quiet days a person is erased."""

    __tablename__ = "request_pages"
    __table_args__ = (CheckConstraint("keep_days BETWEEN 7 AND 730", name="keep_days"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    keep_days: Mapped[int] = mapped_column(default=KEEP_DAYS)
    version: Mapped[int] = mapped_column(default=1)
