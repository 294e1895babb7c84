"""Adding, changing and striking out rows of a log. What was struck out stays readable with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.infusion_logs.actions.opened import OpenLog, open_log
from scheduler.features.infusion_logs.rows import SPECS, Row, RowKind
from scheduler.features.tasks.alerting.causes import Cause
from scheduler.features.tasks.alerting.rules import rules
from scheduler.features.tasks.alerting.settle import settle_alerts
from scheduler.models import AdverseEvent, AlertKind, User


@dataclass(frozen=True)
class Entered:
    """What somebody handed in. `key` names a new row; `row_id` and `seen` name one that is changed."""

    kind: RowKind
    values: Mapping[str, object]
    key: str = ""
    row_id: int | None = None
    seen: int = 0


def put_row(session: Session, actor: Actor, at: datetime, infusion_id: int, entered: Entered) -> Row:
    """Add a row, or change one. The same key again gives the row that stands.

    Raises NotFoundError, RuleError for times that can't be, ConflictError where somebody else changed it.
    """
    opened = open_log(session, at, infusion_id)
    _in_order(opened, at, entered.values)
    if entered.row_id is not None:
        row = _changed(session, opened, entered)
    else:
        found = _same(session, opened, entered)
        if found is not None:
            return found
        row = SPECS[entered.kind].model(log_id=opened.log.id, key=entered.key)
        session.add(row)
    for name, value in entered.values.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by_id = at, actor.user_id
    session.flush()
    _note(session, actor, at, opened, entered.kind, row, "added" if entered.row_id is None else "changed")
    _alert(session, actor, at, opened, row)
    return row


def strike_row(
    session: Session, actor: Actor, at: datetime, infusion_id: int, entered: Entered, reason: str
) -> None:
    """Strike a row out. Raises as `put_row` does; twice is once."""
    opened = open_log(session, at, infusion_id)
    row = _of_log(session, opened, entered)
    if row.struck_at is not None:
        return
    if not reason:
        raise RuleError("Write why it is struck out. It stays readable.", field="reason")
    row = _changed(session, opened, entered)
    row.struck_at, row.struck_reason = at, reason
    row.changed_at, row.changed_by_id = at, actor.user_id
    session.flush()
    _note(session, actor, at, opened, entered.kind, row, "struck")
    _alert(session, actor, at, opened, row)


def _in_order(opened: OpenLog, at: datetime, values: Mapping[str, object]) -> None:
    for name, moment in values.items():
        if isinstance(moment, datetime) and moment > at:
            clock = opened.place.said(moment)
            raise RuleError(f"{clock} is still to come. Write when it happened.", field=name)
    begun, ended = values.get("from_at"), values.get("to_at")
    if isinstance(begun, datetime) and isinstance(ended, datetime) and ended < begun:
        raise RuleError("The pump can't have gone on before it stood still.", field="to_at")


def _alert(session: Session, actor: Actor, at: datetime, opened: OpenLog, row: Row) -> None:
    """Tell of an event of the clinic's grade, and again when it became worse since somebody looked.

    What is charted lower, or struck out, takes a waiting alert back.
    """
    if not isinstance(row, AdverseEvent):
        return
    about, least = f"event:{row.id}", rules(session)[AlertKind.ADVERSE_EVENT].at_least or 0
    causes = []
    if row.struck_at is None and row.grade >= least:
        facts = {"term": row.term, "grade": row.grade}
        causes = [
            Cause(AlertKind.ADVERSE_EVENT, about, (about,), row.grade, 1, facts, opened.visit.id),
        ]
    kinds = (AlertKind.ADVERSE_EVENT,)
    settle_alerts(session, actor, at, opened.visit.course_id, kinds, causes, about=about)


def _same(session: Session, opened: OpenLog, entered: Entered) -> Row | None:
    model = SPECS[entered.kind].model
    query = select(model).where(model.log_id == opened.log.id, model.key == entered.key)
    return cast("Row | None", session.scalars(query).one_or_none())


def _of_log(session: Session, opened: OpenLog, entered: Entered) -> Row:
    model = SPECS[entered.kind].model
    query = select(model).where(model.log_id == opened.log.id, model.id == entered.row_id)
    row = cast("Row | None", session.scalars(query).one_or_none())
    if row is None:
        raise NotFoundError("There is no such line in this log. Open the log again.")
    return row


def _changed(session: Session, opened: OpenLog, entered: Entered) -> Row:
    row = _of_log(session, opened, entered)
    if row.version != entered.seen or row.struck_at is not None:
        who = session.scalar(select(User.name).where(User.id == row.changed_by_id)) or "Somebody"
        done = "struck this out" if row.struck_at else "changed this"
        raise ConflictError(
            f"{who} {done} at {opened.place.said(row.changed_at)}. What stands there now is in the list; "
            "what you wrote is still here. Save again to put yours in its place.",
            seen=row.version,
        )
    row.version += 1
    return row


def _note(
    session: Session, actor: Actor, at: datetime, opened: OpenLog, kind: RowKind, row: Row, what: str
) -> None:
    audit.record(
        session,
        actor,
        at,
        f"infusion_log.{kind.value}_{what}",
        "infusion",
        opened.visit.id,
        opened.visit.patient_id,
        row=row.id,
    )
