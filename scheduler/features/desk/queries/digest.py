"""Who gets the morning digest now, and its figures.

It is due from seven in the morning at the person's site, on days on which it opens, and never after ten:
a summary of the morning that comes at noon sends people after things that are done. Clock changes happen at
night, so seven o'clock exists once on every day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.capacity.queries.closed import opens_on
from scheduler.features.capacity.queries.sites import sites
from scheduler.features.desk.queries.inbox import count_inbox, count_unconfirmed
from scheduler.features.intake.found import count_due
from scheduler.features.outbox.queries.sending import paused, yesterday
from scheduler.features.tasks.alerts import count_waiting
from scheduler.features.tasks.queries import count_open
from scheduler.models import Infusion, InfusionStatus, Message, Role, Site, User
from scheduler.rendering.digest import Count

FROM, UNTIL = time(7), time(10)


@dataclass(frozen=True)
class DueDigest:
    """A digest to write: for whom, for which day, until when it is of use, and what it counts."""

    user_id: int
    day: date
    until: datetime
    counts: Sequence[Count]

    @property
    def key(self) -> str:
        """One a day, however many workers look."""
        return f"digest:user:{self.user_id}:{self.day.isoformat()}"


def due_digests(session: Session, now: datetime) -> list[DueDigest]:
    """The digests whose time has come and that nobody has written yet."""
    users = session.scalars(
        select(User).where(User.wants_digest, User.disabled_at.is_(None)).order_by(User.id)
    ).all()
    places = {site.id: site for site in sites(session)} if users else {}
    found = []
    for user in users:
        site = places.get(user.site_id or 0) or next(iter(places.values()), None)
        if site is not None and (due := _due(session, user, site, now)) is not None:
            found.append(due)
    return found


def _due(session: Session, user: User, site: Site, now: datetime) -> DueDigest | None:
    local = now.astimezone(ZoneInfo(site.tz))
    if not FROM <= local.time() < UNTIL or not opens_on(session, site, local.date()):
        return None
    until = datetime.combine(local.date(), UNTIL, tzinfo=local.tzinfo).astimezone(UTC)
    due = DueDigest(user.id, local.date(), until, ())
    if session.scalar(select(Message.id).where(Message.dedupe_key == due.key)) is not None:
        return None
    return DueDigest(user.id, due.day, until, _counts(session, user, site, now, due.day))


def _counts(session: Session, user: User, site: Site, now: datetime, day: date) -> list[Count]:
    """What the person's roles let them look at."""
    counts = []
    if user.role_set - {Role.ADMINISTRATOR}:
        counts += [
            Count(_visits(session, site, day), "visit today", "visits today", "/today"),
            Count(count_inbox(session, site, now), "thing in the inbox", "things in the inbox", "/inbox"),
            Count(
                count_unconfirmed(session, site, now),
                "visit of the next open day to confirm",
                "visits of the next open day to confirm",
                "/inbox?about=confirm",
            ),
            Count(
                count_due(session, site.id, day),
                "request waits for somebody",
                "requests wait for somebody",
                "/requests",
            ),
            Count(count_open(session), "task", "tasks", "/tasks"),
        ]
    if user.role_set & {Role.NURSE, Role.CLINICIAN}:
        waiting = count_waiting(session, is_clinician=Role.CLINICIAN in user.role_set)
        counts.append(Count(waiting, "alert", "alerts", "/alerts"))
    if Role.ADMINISTRATOR in user.role_set:
        sums = yesterday(session, now, site.id)
        counts += [
            Count(sums.sent, "message went out yesterday", "messages went out yesterday", "/messages"),
            Count(
                sums.failed,
                "message failed yesterday",
                "messages failed yesterday",
                "/messages?state=attention",
            ),
        ]
    halted = int(paused(session) is not None)
    return [*counts, Count(halted, "switch to look at: all sending is paused", "", "/messages/sending")]


def _visits(session: Session, site: Site, day: date) -> int:
    """Those that still stand: neither missed nor cancelled."""
    gone = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)
    found = session.scalar(
        select(func.count(Infusion.id)).where(
            Infusion.site_id == site.id, Infusion.local_day == day, Infusion.status.not_in(gone)
        )
    )
    return found or 0
