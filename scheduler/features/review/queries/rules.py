"""What the sites ask of a sign-off."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.models import SignOffRules, Site


@dataclass(frozen=True)
class SiteRule:
    """One site, and whether its course logs need a second signature."""

    site_id: int
    site: str
    wants_second: bool


def site_rules(session: Session) -> list[SiteRule]:
    """All sites by name."""
    rows = session.execute(
        select(Site.id, Site.name, func.coalesce(SignOffRules.wants_second, False))
        .outerjoin(SignOffRules, SignOffRules.site_id == Site.id)
        .order_by(Site.name, Site.id)
    )
    return [SiteRule(site_id, site, bool(wants)) for site_id, site, wants in rows]
