"""What `/metrics` tells: how many of each kind and state, and how old the oldest is. No row of anybody."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from scheduler.features.audit.sealing.check import latest
from scheduler.features.outbox.queries.sending import OPEN, paused
from scheduler.features.tasks.alerts import is_open
from scheduler.models import (
    Alert,
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Message,
    StaffTask,
    TaskKind,
    WorkerTick,
)
from scheduler.rendering.metrics import Figure

AT_WORK = timedelta(minutes=5)


def figures(session: Session, now: datetime) -> list[Figure]:
    """All figures as they are at `now`."""
    return [*_messages(session, now), *_worker(session, now), *_clinic(session), *_watched(session, now)]


def _messages(session: Session, now: datetime) -> list[Figure]:
    labels = ("state", "purpose", "channel")
    columns = (Message.status, Message.purpose, Message.channel)
    due = (Message.status.in_(OPEN), Message.next_attempt_at <= now)
    waiting, oldest = session.execute(
        select(func.count(Message.id), func.min(Message.next_attempt_at)).where(*due)
    ).one()
    age = 0.0 if oldest is None else (now - oldest).total_seconds()
    halted = float(paused(session) is not None)
    return [
        Figure("messages", "Messages in the outbox.", labels, _counts(session, Message.id, *columns)),
        Figure("messages_due", "Messages that should go out now.", (), {(): waiting}),
        Figure("message_oldest_due_age_seconds", "How long the oldest of these has been due.", (), {(): age}),
        Figure("sending_paused", "1 while a person has stopped all sending.", (), {(): halted}),
    ]


def _worker(session: Session, now: datetime) -> list[Figure]:
    newest, alive = session.execute(
        select(
            func.max(WorkerTick.last_tick_at),
            func.count().filter(WorkerTick.last_tick_at > now - AT_WORK),
        )
    ).one()
    age: dict[tuple[str, ...], float] = {}
    if newest is not None:
        age[()] = (now - newest).total_seconds()
    return [
        Figure("worker_tick_age_seconds", "How long ago any worker last looked.", (), age),
        Figure("workers", "Workers that looked within five minutes.", (), {(): alive}),
    ]


def _clinic(session: Session) -> list[Figure]:
    tasks = _counts(session, StaffTask.id, StaffTask.kind, only=StaffTask.done_at.is_(None))
    courses = _counts(session, Course.id, Course.status)
    visits = _counts(session, Infusion.id, Infusion.status)
    return [
        Figure("tasks_open", "Tasks that wait for somebody.", ("kind",), _all(TaskKind, tasks)),
        Figure("courses", "Courses that were booked.", ("state",), _all(CourseStatus, courses)),
        Figure("visits", "Visits that were booked.", ("state",), _all(InfusionStatus, visits)),
    ]


def _watched(session: Session, now: datetime) -> list[Figure]:
    """What a person must see soon. The kind of an alert says something of a patient: it is no label."""
    waiting, oldest = session.execute(
        select(func.count(Alert.id), func.min(Alert.raised_at)).where(is_open())
    ).one()
    age = 0.0 if oldest is None else (now - oldest).total_seconds()
    last = latest(session)
    broken = float(bool(last and last.problem))
    return [
        Figure("alerts_open", "Clinical alerts that nobody has acknowledged.", (), {(): waiting}),
        Figure("alert_oldest_open_age_seconds", "How long the oldest of these has waited.", (), {(): age}),
        Figure("audit_trail_broken", "1 if the audit trail did not fit its seals.", (), {(): broken}),
    ]


def _counts(
    session: Session, key: Any, *columns: Any, only: ColumnElement[bool] | None = None
) -> dict[tuple[str, ...], float]:
    statement: Select[Any] = select(func.count(key), *columns).group_by(*columns).order_by(*columns)
    if only is not None:
        statement = statement.where(only)
    return {tuple(str(value) for value in row[1:]): row[0] for row in session.execute(statement)}


def _all(kinds: Any, found: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """Zero for the kinds that there are none of, so that a rule for an alert always finds its series."""
    return {(str(kind),): found.get((str(kind),), 0.0) for kind in kinds}
