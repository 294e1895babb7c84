"""A log that holds all it must is marked as complete. Any change opens it again (`actions.opened`)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.infusion_logs.actions.opened import open_log
from scheduler.features.infusion_logs.queries.chart import chart_of
from scheduler.models import InfusionLog, LogStatus


def complete(session: Session, actor: Actor, at: datetime, infusion_id: int) -> None:
    """Mark the log as complete. Raises NotFoundError, and RuleError where something is missing."""
    done = select(InfusionLog.id).where(
        InfusionLog.infusion_id == infusion_id, InfusionLog.status == LogStatus.COMPLETE
    )
    if session.scalar(done) is not None:
        return
    opened = open_log(session, at, infusion_id)
    lacks = chart_of(session, infusion_id, at).missing
    if lacks:
        counted = "1 thing is" if len(lacks) == 1 else f"{len(lacks)} things are"
        raise RuleError(f"{counted} missing. The first: {lacks[0].words}")
    opened.log.status, opened.log.completed_at, opened.log.completed_by_id = (
        LogStatus.COMPLETE,
        at,
        actor.user_id,
    )
    audit.record(
        session, actor, at, "infusion_log.completed", "infusion", infusion_id, opened.visit.patient_id
    )
