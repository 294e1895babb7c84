"""The visits of one site's day, and what the lists say beside each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from scheduler.features.desk.dots import six
from scheduler.features.desk.facts import PhaseFact, VisitFact
from scheduler.features.desk.queries.plain import epoch, plain_rows
from scheduler.features.ratings.timing import infusion_phase
from scheduler.models import (
    Chair,
    Course,
    Infusion,
    InfusionStatus,
    Patient,
    ProtocolPhase,
    ProtocolVersion,
    Site,
)


def midnight(tz: str, day: date) -> datetime:
    """The first instant of `day` in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz))


def visits_of_day(
    session: Session, site: Site, day: date, now: datetime, versions: Mapping[int, ProtocolVersion]
) -> list[VisitFact]:
    """All visits that begin on `day` at `site`, missed and cancelled ones too, by time and chair.

    `versions` are all protocol versions by id.
    """
    rows = _rows(session, site, day)
    today = now.astimezone(ZoneInfo(site.tz)).date()
    dots = six_of_courses(session, {row.course_id for row in rows}, today)
    drawn = {key: phase_facts(versions[key].phases) for key in {row.version_id for row in rows}}
    return [
        VisitFact(
            **_columns(row, ZoneInfo(site.tz)),
            phases=drawn[row.version_id],
            six=tuple(dots[row.course_id]),
        )
        for row in rows
    ]


INSTANTS = (
    "starts_at",
    "ends_at",
    "arrived_at",
    "started_at",
    "completed_at",
    "expected_at",
    "chair_until",
    "confirmation_at",
)


COLUMNS = (
    "infusion_id",
    "course_id",
    "patient_id",
    "number",
    "status",
    "confirmation",
    "confirmation_source",
    "stopped_early",
    "chair_id",
    *INSTANTS,
    "given_name",
    "family_name",
    "phone",
    "chair",
    "version_id",
)


def _columns(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    """What stands in the row, its instants on the clock of the site."""
    found = dict(zip(COLUMNS, row, strict=True))
    for name in INSTANTS:
        if found[name]:
            found[name] = found[name].astimezone(zone)
    return found


class Stand(NamedTuple):
    """One visit of a course, as its dot is drawn from it."""

    number: int
    status: InfusionStatus
    local_day: date
    starts_at: datetime
    stopped_early: bool
    counts: bool | None


def six_of_courses(session: Session, course_ids: Iterable[int], today: date) -> dict[int, list[str]]:
    """The states of the dots of each course."""
    found: dict[int, list[Stand]] = {course_id: [] for course_id in course_ids}
    planned = dict.fromkeys(found, 0)
    rows = plain_rows(
        session,
        select(
            Infusion.course_id,
            ProtocolVersion.infusions,
            Infusion.number,
            Infusion.status,
            Infusion.local_day == today,
            epoch(session, Infusion.starts_at),
            Infusion.stopped_early,
            Infusion.counts,
        )
        .join(Course, Course.id == Infusion.course_id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .where(Infusion.course_id.in_(found))
        .order_by(Infusion.course_id, Infusion.starts_at),
    )
    for course_id, infusions, number, status, is_today, starts, early, counts in rows:
        planned[course_id] = infusions
        found[course_id].append(
            Stand(
                number,
                InfusionStatus(status),
                today if is_today else date.min,
                datetime.fromtimestamp(starts, UTC),
                bool(early),
                None if counts is None else bool(counts),
            )
        )
    return {course_id: six(visits, today, planned[course_id]) for course_id, visits in found.items()}


def phase_facts(phases: Sequence[ProtocolPhase]) -> tuple[PhaseFact, ...]:
    """The phases with the way each is drawn: before the infusion, the infusion, after it, leaving."""
    at_infusion = infusion_phase(phases)

    def kind(at: int) -> str:
        if at <= at_infusion:
            return "inf" if at == at_infusion else "prep"
        leaving = at == len(phases) - 1 and at > at_infusion + 1
        return "out" if leaving else "rec"

    return tuple(PhaseFact(p.name, kind(at), p.minutes, p.nurse_load) for at, p in enumerate(phases))


def _rows(session: Session, site: Site, day: date) -> Sequence[Any]:
    """Bare columns: a hundred chairs have hundreds of visits, and a whole row costs three times as much."""
    return session.execute(
        select(
            Infusion.id.label("infusion_id"),
            Infusion.course_id,
            Infusion.patient_id,
            Infusion.number,
            Infusion.status,
            Infusion.confirmation,
            Infusion.confirmation_source,
            Infusion.stopped_early,
            Infusion.chair_id,
            *(getattr(Infusion, name) for name in INSTANTS),
            Patient.given_name,
            Patient.family_name,
            Patient.phone,
            func.coalesce(Chair.name, "No chair on record").label("chair"),
            Course.protocol_version_id.label("version_id"),
        )
        .join(Course, Course.id == Infusion.course_id)
        .join(Patient, Patient.id == Infusion.patient_id)
        .outerjoin(Chair, Chair.id == Infusion.chair_id)
        .where(
            Infusion.site_id == site.id,
            Infusion.starts_at >= midnight(site.tz, day),
            Infusion.starts_at < midnight(site.tz, day + timedelta(days=1)),
        )
        .order_by(Infusion.starts_at, Chair.position, Infusion.id)
    ).all()
