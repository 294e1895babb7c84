"""Bringing the alerts of a course up to date, in the transaction of whatever changed its facts.

The row of the course is held meanwhile: of two that see the same worsening at once, the second waits and
finds the alert of the first.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.tasks.alert_words import detail_of
from scheduler.features.tasks.alerting.causes import Cause, Do, Step, steps
from scheduler.features.tasks.alerts import is_open
from scheduler.models import Alert, AlertKind, Course

DID = {Do.RAISE: "raised", Do.CHANGE: "changed", Do.WAIT_AGAIN: "raised_again", Do.WITHDRAW: "withdrawn"}


def hold_course(session: Session, course_id: int) -> Course:
    """The course, which no other transaction changes or raises an alert for until this one ends."""
    query = select(Course).where(Course.id == course_id)
    return session.scalars(query.with_for_update(key_share=True)).one()


def settle_alerts(
    session: Session,
    actor: Actor,
    at: datetime,
    course_id: int,
    kinds: Iterable[AlertKind],
    causes: Iterable[Cause],
    *,
    about: str | None = None,
) -> list[Alert]:
    """Make the alerts of these kinds in a course say what `causes` say; those that were touched.

    With `about` only what is about that is looked at: the causes are all there are of it.
    """
    wanted, query = list(causes), select(Alert).where(Alert.course_id == course_id, Alert.kind.in_([*kinds]))
    if about is not None:
        query = query.where(Alert.about == about)
    if not wanted and session.scalars(query.where(is_open()).limit(1)).first() is None:
        return []  # Hardly any event is severe: those that are not wait for nobody's lock.
    course = hold_course(session, course_id)
    alerts = session.scalars(query.order_by(Alert.id).with_for_update()).all()
    return [_take(session, actor, at, course, step) for step in steps(wanted, alerts)]


def _take(session: Session, actor: Actor, at: datetime, course: Course, step: Step) -> Alert:
    alert = step.alert
    if alert is None:
        assert step.cause is not None  # noqa: S101 - what is to be raised has its cause
        alert = _new(session, at, course, step.cause)
    else:
        _keep(alert, at, step.do)
    if step.cause is not None:
        _write(alert, step.cause)
    alert.withdrawn_at = at if step.do is Do.WITHDRAW else None
    session.flush()
    record(session, actor, at, f"alert.{DID[step.do]}", "alert", alert.id, course.patient_id)
    return alert


def _new(session: Session, at: datetime, course: Course, cause: Cause) -> Alert:
    before = session.scalar(
        select(func.count(Alert.id)).where(
            Alert.course_id == course.id, Alert.kind == cause.kind, Alert.about == cause.about
        )
    )
    alert = Alert(
        kind=cause.kind,
        about=cause.about,
        patient_id=course.patient_id,
        course_id=course.id,
        dedupe_key=f"{cause.kind.value}:course:{course.id}:{cause.about}:{(before or 0) + 1}",
        raised_at=at,
    )
    session.add(alert)
    return alert


def _write(alert: Alert, cause: Cause) -> None:
    alert.covers, alert.level = list(cause.covers), cause.level
    alert.facts, alert.infusion_id = dict(cause.facts), cause.infusion_id


def _keep(alert: Alert, at: datetime, do: Do) -> None:
    """What it said until now goes into its history."""
    said = {"at": at.isoformat(), "did": DID[do], "was": detail_of(alert.kind, alert.facts)}
    alert.history = [*alert.history, said]
