"""Sites with their hours and chairs."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.errors import NotFoundError
from scheduler.models import Site


def sites(session: Session, *, with_archived: bool = False) -> Sequence[Site]:
    """All sites by name, with hours and chairs (retired ones too); archived sites only when asked for."""
    statement = (
        select(Site).options(selectinload(Site.hours), selectinload(Site.chairs)).order_by(Site.name, Site.id)
    )
    if not with_archived:
        statement = statement.where(Site.archived_at.is_(None))
    return session.scalars(statement).all()


def site(session: Session, site_id: int) -> Site:
    """One site, archived or not, hours and chairs loaded. Raises NotFoundError."""
    found = session.scalar(
        select(Site).options(selectinload(Site.hours), selectinload(Site.chairs)).where(Site.id == site_id)
    )
    if found is None:
        raise NotFoundError("There is no such site. Choose one from the list.")
    return found
