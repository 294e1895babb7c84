"""The alerts on their page: those that wait, and those that ended, fifty at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import Session

from scheduler.features.tasks.alerts import (
    OpenAlert,
    is_open,
    must_see,
    open_alert,
    site_of_alert,
    told,
    urgency,
    with_site,
)
from scheduler.models import Alert, AlertKind, User

SIZE = 50
DID = {
    "changed": "Brought up to date",
    "withdrawn": "Withdrawn",
    "raised_again": "Raised again",
}


@dataclass(frozen=True)
class Wanted:
    """Which alerts: those that wait or those that `past` ended, of one kind, of one site, for whom."""

    is_clinician: bool
    is_past: bool = False
    kind: AlertKind | None = None
    site_id: int | None = None
    page: int = 1


@dataclass(frozen=True)
class Before:
    """One change of an alert: when (local), what happened, and what it had said until then."""

    at: datetime
    did: str
    was: str


@dataclass(frozen=True)
class AlertLine:
    """One line; times are local to the site. `ended_at` is None while it waits, `done` None too where it was
    withdrawn instead of acknowledged by `by`.
    """

    alert: OpenAlert
    raised_at: datetime
    before: Sequence[Before]
    ended_at: datetime | None
    by: str
    done: str | None


@dataclass(frozen=True)
class AlertPage:
    """One page of them; `first` is the place of its first line, from 1."""

    lines: Sequence[AlertLine]
    first: int
    total: int

    @property
    def last(self) -> int:
        """The place of its last line."""
        return self.first + len(self.lines) - 1


def alert_page(session: Session, wanted: Wanted) -> AlertPage:
    """What waits, the most urgent first; or what ended, the latest first."""
    where = _where(wanted)
    total = session.scalar(with_site(select(func.count(Alert.id))).where(where))
    ended = func.coalesce(Alert.acknowledged_at, Alert.withdrawn_at)
    order = (ended.desc(), Alert.id.desc()) if wanted.is_past else (urgency(), Alert.raised_at, Alert.id)
    at = (wanted.page - 1) * SIZE
    rows = session.execute(
        told()
        .add_columns(User.name)
        .outerjoin(User, User.id == Alert.acknowledged_by_id)
        .where(where)
        .order_by(*order)
        .limit(SIZE)
        .offset(at)
    )
    lines = [_line(alert, open_alert(alert, *row), by or "") for alert, *row, by in rows]
    return AlertPage(lines, at + 1, total or 0)


def _where(wanted: Wanted) -> ColumnElement[bool]:
    parts = [must_see(is_clinician=wanted.is_clinician), not_(is_open()) if wanted.is_past else is_open()]
    if wanted.kind is not None:
        parts.append(Alert.kind == wanted.kind)
    if wanted.site_id is not None:
        parts.append(site_of_alert == wanted.site_id)
    return and_(*parts)


def _line(alert: Alert, shown: OpenAlert, by: str) -> AlertLine:
    zone = ZoneInfo(shown.tz)
    ended = alert.acknowledged_at or alert.withdrawn_at
    return AlertLine(
        alert=shown,
        raised_at=shown.raised_at.astimezone(zone),
        before=[
            Before(datetime.fromisoformat(one["at"]).astimezone(zone), DID[one["did"]], one["was"])
            for one in alert.history
        ],
        ended_at=ended.astimezone(zone) if ended else None,
        by=by,
        done=alert.what_was_done,
    )
