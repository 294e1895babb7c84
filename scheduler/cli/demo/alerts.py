"""What the ratings and logs of the demo clinic asked a clinician for, and what was done about it.

Each alert is raised when its cause came, and was ended by a clinician of the site on the next working day;
one about an answer on self-harm within the hour. The newest of each kind still waits, so that there is one of
each to see.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import WORKER, Actor
from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import ZONE, Calendar, at
from scheduler.cli.demo.staff import Staff
from scheduler.features.ratings.alerts.causes import causes
from scheduler.features.ratings.alerts.state import states
from scheduler.features.ratings.instruments import PHQ9
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.slots import slot_name
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.features.tasks.alerting.causes import Cause
from scheduler.features.tasks.alerting.rules import USUAL
from scheduler.features.tasks.alerting.settle import settle_alerts
from scheduler.models import AdverseEvent, AlertKind, Course, Infusion, InfusionLog, Rating, Role

DONE = {
    AlertKind.ITEM_9: "Called at once. Safe today, not alone, knows whom to call; seen this week.",
    AlertKind.ADVERSE_EVENT: "Looked after at the chair until it passed. Slower next time.",
    AlertKind.WORSENING: "Called. Hard weeks at work; the course goes on, asked again next week.",
    AlertKind.RELAPSE: "Called. A consultation about a booster is arranged.",
    AlertKind.NO_RESPONSE: "Talked it over at the visit. The course goes on as planned.",
    AlertKind.BOOSTER: "Called. Doing well, wants none now.",
}
SEVERE = 3
OLDER = 9
"""How far before the newest the second one lies, among the answers and events that are made severe here."""


@dataclass(frozen=True)
class Raised:
    """One cause with the instant at which the clinic learned of it."""

    at: datetime
    course_id: int
    site_id: int
    cause: Cause


def alert(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Raise what the ratings, the logs and the days so far ask for, and end what is older."""
    _say_something_hard(session)
    chance = stream(seed, "alerts")
    raised = sorted(
        (one for one in [*_of_courses(session, calendar), *_of_events(session)] if one.at <= calendar.now),
        key=lambda one: (one.at, one.course_id, one.cause.about),
    )
    newest = {one.cause.kind: one for one in raised}
    clinicians = [user for user in staff.by_box.values() if Role.CLINICIAN in user.role_set]
    so_far: dict[tuple[int, AlertKind, str], list[Cause]] = {}
    for one in raised:
        kind, about = one.cause.kind, one.cause.about
        known = so_far.setdefault((one.course_id, kind, about), [])
        known.append(one.cause)
        rows = settle_alerts(session, WORKER, one.at, one.course_id, [kind], known, about=about)
        hours, minutes = timedelta(minutes=chance.randrange(15, 55)), chance.randrange(9 * 60, 12 * 60)
        ended = one.at + hours if kind is AlertKind.ITEM_9 else _next_morning(one.at, minutes)
        user = chance.choice([each for each in clinicians if each.site_id == one.site_id] or clinicians)
        if newest[kind] is not one and ended <= calendar.now:
            for row in rows:
                acknowledge(session, Actor(user.id, user.name), ended, row.id, DONE[kind])


def _say_something_hard(session: Session) -> None:
    """Two answers on self-harm and two severe events: a newer one and an older one of each."""
    told = session.scalars(
        select(Rating)
        .where(Rating.instrument == PHQ9.code, Rating.total > OLDER)
        .order_by(Rating.entered_at.desc(), Rating.id)
    ).all()
    for row in told[::OLDER][:2]:
        answers = list(row.answers)
        answers[answers.index(max(answers))] -= 1
        answers[PHQ9.crisis_item or 0] += 1
        row.answers = answers
    events = session.scalars(
        select(AdverseEvent).order_by(AdverseEvent.onset_at.desc(), AdverseEvent.id)
    ).all()
    for event in events[::OLDER][:2]:
        event.grade = SEVERE
    session.flush()


def _of_courses(session: Session, calendar: Calendar) -> Iterator[Raised]:
    sites = {row.id: row.site_id for row in session.execute(select(Course.id, Course.site_id))}
    entered = {
        (row.course_id, row.instrument, slot_name(Slot(row.time_point, row.infusion_id, row.week))): row
        for row in session.scalars(select(Rating).order_by(Rating.id))
    }
    completed = {
        row.id: row.completed_at for row in session.execute(select(Infusion.id, Infusion.completed_at))
    }
    for course_id, state in states(session, sorted(sites), calendar.now).items():
        for cause in causes(state, USUAL):
            if cause.kind is AlertKind.BOOSTER:
                due = state.counted[-1].day + timedelta(weeks=USUAL[cause.kind].at_least or 0)
                moment: datetime | None = at(due, 10)
            elif cause.kind is AlertKind.NO_RESPONSE:
                moment = completed[cause.infusion_id or 0]
            else:
                code = PHQ9.code if cause.kind is AlertKind.ITEM_9 else cause.about.split(":")[0]
                moment = entered[course_id, code, cause.covers[0]].entered_at
            if moment is not None:
                yield Raised(moment, course_id, sites[course_id], replace(cause, is_new=True))


def _of_events(session: Session) -> Sequence[Raised]:
    rows = session.execute(
        select(AdverseEvent, Infusion)
        .join(InfusionLog, InfusionLog.id == AdverseEvent.log_id)
        .join(Infusion, Infusion.id == InfusionLog.infusion_id)
        .where(AdverseEvent.grade >= SEVERE)
        .order_by(AdverseEvent.id)
    )
    found = []
    for event, visit in rows:
        about, facts = f"event:{event.id}", {"term": event.term, "grade": event.grade}
        cause = Cause(AlertKind.ADVERSE_EVENT, about, (about,), event.grade, 1, facts, visit.id)
        found.append(Raised(event.changed_at, visit.course_id, visit.site_id, cause))
    return found


def _next_morning(moment: datetime, minute: int) -> datetime:
    """That minute of the next day from Monday to Friday."""
    day = moment.astimezone(ZONE).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return at(day, minute)
