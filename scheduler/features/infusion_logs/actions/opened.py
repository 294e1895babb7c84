"""The log that a change is made in: found or begun, held against others, opened again if it was complete."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError, RuleError
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.queries.rules import rules_of
from scheduler.features.infusion_logs.rules import Rules, as_kept, from_kept
from scheduler.models import Course, Infusion, InfusionLog, InfusionStatus, LogStatus, ProtocolVersion, Site

GONE = frozenset({InfusionStatus.MISSED, InfusionStatus.CANCELLED})


@dataclass(frozen=True)
class OpenLog:
    """A log that may be written, its visit, and where it is."""

    log: InfusionLog
    visit: Infusion
    place: Place
    rules: Rules


def open_log(session: Session, at: datetime, infusion_id: int) -> OpenLog:
    """The log of an infusion, made if there is none, locked until the transaction ends.

    Raises NotFoundError, and RuleError where nothing can be charted: the visit did not take place, lies
    ahead, or its log is signed.
    """
    visit = session.scalars(
        select(Infusion).where(Infusion.id == infusion_id).with_for_update()
    ).one_or_none()
    if visit is None:
        raise NotFoundError("There is no such visit. Find the patient, and open it from there.")
    site = session.get_one(Site, visit.site_id)
    place = Place(site.tz, visit.local_day, site.weight_unit == "lb")
    _may_be_charted(visit, at.astimezone(place.zone).date())
    log = session.scalars(select(InfusionLog).where(InfusionLog.infusion_id == infusion_id)).one_or_none()
    if log is None:
        log = _begin(session, at, visit)
    if log.status is LogStatus.SIGNED:
        raise RuleError("This log is signed. What has to be set right becomes an addendum beside it.")
    log.status, log.completed_at, log.completed_by_id = LogStatus.DRAFT, None, None
    return OpenLog(log, visit, place, from_kept(log.rules))


def _may_be_charted(visit: Infusion, today: date) -> None:
    if visit.status in GONE:
        raise RuleError("This visit did not take place, so it has no log.")
    if visit.local_day > today:
        raise RuleError("This visit lies ahead. Its log can be written on its day.")


def _begin(session: Session, at: datetime, visit: Infusion) -> InfusionLog:
    protocol_id = session.scalars(
        select(ProtocolVersion.protocol_id)
        .join(Course, Course.protocol_version_id == ProtocolVersion.id)
        .where(Course.id == visit.course_id)
    ).one()
    log = InfusionLog(
        infusion_id=visit.id, begun_at=at, rules=as_kept(rules_of(session, visit.site_id, protocol_id))
    )
    session.add(log)
    session.flush()
    return log
