"""The list of requests: what nobody has answered first, then what is late, then the rest by its day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, select
from sqlalchemy.orm import Session

from scheduler.features.intake.found import OVER as ENDED
from scheduler.features.intake.found import named, waits
from scheduler.features.path.filters import GROUPS, LATE, MINE, NOBODY, OVER, THROUGH, WAITING, Filters
from scheduler.models import ConsultationRequest, RequestStatus, Site, User

ON_A_PAGE = 50
R = ConsultationRequest


@dataclass(frozen=True)
class Line:
    """One request of the list; `received` is local. `waits` and `stands` are days since it came and since its
    last step."""

    request: ConsultationRequest
    site: Site
    owner: str
    received: datetime
    waits: int
    stands: int
    is_late: bool


@dataclass(frozen=True)
class Page:
    """A page of the list. `counts` are the requests of each tab, with the other choices as they are."""

    lines: Sequence[Line]
    total: int
    counts: Mapping[str, int]
    first: int
    has_more: bool


def queue(session: Session, chosen: Filters, user_id: int, now: datetime, today: date) -> Page:
    """One page; `today` is the day by which something counts as late, `user_id` is who looks."""
    narrowed = _narrowed(chosen, user_id)
    counts = _counts(session, narrowed, today)
    first = (chosen.page - 1) * ON_A_PAGE
    rows = session.execute(_ordered(chosen, narrowed, today).offset(first).limit(ON_A_PAGE)).all()
    lines = [_line(request, site, owner, now) for request, site, owner in rows]
    total = counts[chosen.group]
    return Page(lines, total, counts, first + 1, total > first + len(lines))


def all_lines(session: Session, chosen: Filters, user_id: int, now: datetime, today: date) -> Iterator[Line]:
    """Every request that fits, in the same order, for a file."""
    for request, site, owner in session.execute(_ordered(chosen, _narrowed(chosen, user_id), today)):
        yield _line(request, site, owner, now)


def owners(session: Session, user_id: int) -> dict[int, str]:
    """Who else has a request to look after, by name; who has left stands here until somebody takes over."""
    has_some = select(R.owner_id).where(R.erased_at.is_(None), R.owner_id.is_not(None), R.owner_id != user_id)
    rows = session.execute(
        select(User.id, User.name, User.disabled_at).where(User.id.in_(has_some)).order_by(User.name, User.id)
    )
    return {row.id: f"{row.name}, who has left" if row.disabled_at else row.name for row in rows}


def day_of_list(sites: Sequence[Site], site_id: int | None, now: datetime) -> date:
    """What day it is for who looks: at the chosen or own site, else at the first."""
    zones = {site.id: site.tz for site in sites}
    return now.astimezone(ZoneInfo(zones.get(site_id or 0) or next(iter(zones.values()), "UTC"))).date()


def _ordered(
    chosen: Filters, narrowed: ColumnElement[bool], today: date
) -> Select[ConsultationRequest, Site, str]:
    rank = case((R.status == RequestStatus.NEW, 0), (R.next_due < today, 1), else_=2)
    order = (R.status_since.desc(),) if chosen.group in (OVER, THROUGH) else (rank, R.next_due, R.received_at)
    return (
        select(R, Site, User.name)
        .join(Site, Site.id == R.site_id)
        .outerjoin(User, User.id == R.owner_id)
        .where(narrowed, _of(chosen.group, today))
        .order_by(*order, R.id)
    )


def _narrowed(chosen: Filters, user_id: int) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [R.erased_at.is_(None)]
    if chosen.site_id:
        parts.append(R.site_id == chosen.site_id)
    if chosen.owner:
        parts.append(_owned(chosen.owner, user_id))
    if chosen.text:
        parts.append(named(chosen.text))
    return and_(*parts)


def _owned(owner: str, user_id: int) -> ColumnElement[bool]:
    """The condition of a choice of the owner."""
    if owner == NOBODY:
        return R.owner_id.is_(None)
    return R.owner_id == (user_id if owner == MINE else int(owner))


def _counts(session: Session, narrowed: ColumnElement[bool], today: date) -> dict[str, int]:
    columns = [func.count(R.id).filter(_of(group, today)) for group in GROUPS]
    found = session.execute(select(*columns).where(narrowed)).one()
    return dict(zip(GROUPS, found, strict=True))


def _of(group: str, today: date) -> ColumnElement[bool]:
    """The condition of a tab."""
    if group == OVER:
        return R.status.in_(ENDED)
    if group == THROUGH:
        return and_(R.status == RequestStatus.SUITABLE, not_(waits()))
    if group == LATE:
        return and_(waits(), R.next_due < today)
    return waits() if group == WAITING else and_(waits(), R.status == group)


def _line(request: ConsultationRequest, site: Site, owner: str | None, now: datetime) -> Line:
    here = now.astimezone(ZoneInfo(site.tz)).date()
    return Line(
        request=request,
        site=site,
        owner=owner or "",
        received=request.received_at.astimezone(ZoneInfo(site.tz)),
        waits=days_between(request.received_at, here, site.tz),
        stands=days_between(request.status_since, here, site.tz),
        is_late=request.next_due is not None and request.next_due < here,
    )


def days_between(since: datetime, today: date, tz: str) -> int:
    """Whole days of the calendar from an instant to `today` in a zone, never below 0."""
    return max(0, (today - since.astimezone(ZoneInfo(tz)).date()).days)
