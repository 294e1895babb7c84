"""Bringing the alerts of courses up to date: one with a rating of it, all of them as time passes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.ratings.alerts.causes import KINDS, causes
from scheduler.features.ratings.alerts.state import states
from scheduler.features.ratings.queries.prompts import followed
from scheduler.features.tasks.alerting.causes import steps
from scheduler.features.tasks.alerting.rules import rules
from scheduler.features.tasks.alerting.settle import hold_course, settle_alerts
from scheduler.models import Alert, Course


def settle_course(session: Session, actor: Actor, at: datetime, course_id: int) -> list[Alert]:
    """Make the alerts of a course say what its ratings, visits and the day say; those that were touched."""
    hold_course(session, course_id)  # What is read from here on stays true until the commit.
    state = states(session, [course_id], at)[course_id]
    return settle_alerts(session, actor, at, course_id, KINDS, causes(state, rules(session)))


def followed_courses(session: Session, now: datetime, after: int, most: int) -> Sequence[int]:
    """At most so many courses in care, or that ended not long ago, with ids above `after`, in their order."""
    return session.scalars(
        select(Course.id).where(Course.id > after, followed(now)).order_by(Course.id).limit(most)
    ).all()


def stale(session: Session, now: datetime, course_ids: Sequence[int]) -> list[int]:
    """Those of these courses whose alerts do not say what they should by now."""
    own: dict[int | None, list[Alert]] = {course_id: [] for course_id in course_ids}
    rows = session.scalars(
        select(Alert).where(Alert.course_id.in_(course_ids), Alert.kind.in_(KINDS)).order_by(Alert.id)
    )
    for row in rows:
        own[row.course_id].append(row)
    by_rule = rules(session)
    found = states(session, course_ids, now)
    return [course_id for course_id in found if steps(causes(found[course_id], by_rule), own[course_id])]
