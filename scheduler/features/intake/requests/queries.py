"""The site behind a request page, and what came in under a form's key."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.intake.requests.order import VIDEO, WAYS
from scheduler.models import ConsultationRequest, OpeningHours, RequestPage, Site
from scheduler.models.request_page import KEEP_DAYS

NO_PAGE = "There is no such page. Look at the address that the clinic gave you."
NOON = 12 * 60
WORKWEEK = tuple(f"{day}{half}" for day in range(5) for half in "ap")


@dataclass(frozen=True)
class Place:
    """A site as somebody sees it who asks there. `halves` are the half-days in which it is ever open,
    `ways` how one can talk with it: by video only where it has a room for that."""

    site_id: int
    code: str
    clinic: str
    country: str
    date_order: str
    phone: str
    is_on: bool
    keep_days: int
    halves: tuple[str, ...]
    ways: tuple[str, ...]

    @property
    def days(self) -> tuple[int, ...]:
        """The weekdays of `halves` (0 is Monday)."""
        return tuple(sorted({int(half[0]) for half in self.halves}))


@dataclass(frozen=True)
class Chosen:
    """What one site decided about its page, for the settings; `version` 0: nothing yet."""

    site_id: int
    code: str
    site: str
    is_on: bool
    keep_days: int
    version: int


def place_of_code(session: Session, code: str) -> Place:
    """The site with this code, in capitals or not. Raises NotFoundError, for one that was put away too."""
    site = session.scalar(select(Site).where(Site.code == code.upper(), Site.archived_at.is_(None)))
    if site is None:
        raise NotFoundError(NO_PAGE)
    return _place(session, site)


def places(session: Session) -> dict[str, Place]:
    """All sites in use by their id as text, in order of name."""
    rows = session.scalars(select(Site).where(Site.archived_at.is_(None)).order_by(Site.name, Site.id)).all()
    return {str(site.id): _place(session, site) for site in rows}


def request_of_key(session: Session, key: str) -> ConsultationRequest | None:
    """What came in with a form, erased or not."""
    return session.scalar(select(ConsultationRequest).where(ConsultationRequest.request_key == key))


def pages_of_sites(session: Session) -> list[Chosen]:
    """The settings of all sites in use, by name."""
    rows = session.execute(
        select(Site, RequestPage)
        .outerjoin(RequestPage, RequestPage.site_id == Site.id)
        .where(Site.archived_at.is_(None))
        .order_by(Site.name, Site.id)
    ).all()
    return [Chosen(site.id, site.code, site.name, *_chosen(page)) for site, page in rows]


def keep_days(session: Session) -> dict[int, int]:
    """By site, after how many days without anything new a person is erased."""
    rows = session.execute(
        select(Site.id, func.coalesce(RequestPage.keep_days, KEEP_DAYS))
        .outerjoin(RequestPage, RequestPage.site_id == Site.id)
        .order_by(Site.id)
    )
    return {row[0]: row[1] for row in rows}


def _place(session: Session, site: Site) -> Place:
    is_on, days, _ = _chosen(session.get(RequestPage, site.id))
    return Place(
        site_id=site.id,
        code=site.code,
        clinic=site.discreet_name,
        country=site.country,
        date_order=site.date_order,
        phone=site.phone,
        is_on=is_on,
        keep_days=days,
        halves=_halves(session, site.id),
        ways=tuple(way for way in WAYS if way != VIDEO or site.video_url),
    )


def _chosen(page: RequestPage | None) -> tuple[bool, int, int]:
    return (page.is_on, page.keep_days, page.version) if page else (True, KEEP_DAYS, 0)


def _halves(session: Session, site_id: int) -> tuple[str, ...]:
    """The half-days in which a site is open; before anybody wrote its hours, those of a working week."""
    rows = session.execute(
        select(OpeningHours.weekday, OpeningHours.from_minute, OpeningHours.to_minute).where(
            OpeningHours.site_id == site_id
        )
    ).all()
    found = {f"{day}a" for day, start, _ in rows if start < NOON}
    found |= {f"{day}p" for day, _, end in rows if end > NOON}
    return tuple(sorted(found)) or WORKWEEK
