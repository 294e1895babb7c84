"""The visits of one site's day, and what the lists say beside each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from scheduler.features.desk.dots import six
from scheduler.features.desk.facts import PhaseFact, VisitFact
from scheduler.features.ratings import queries as ratings
from scheduler.features.ratings.timing import hours, infusion_phase, lacking
from scheduler.models import Chair, Course, Infusion, Patient, ProtocolPhase, ProtocolVersion, Site


def midnight(tz: str, day: date) -> datetime:
    """The first instant of `day` in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz))


def visits_of_day(
    session: Session, site: Site, day: date, now: datetime
) -> tuple[list[VisitFact], Sequence[ProtocolVersion]]:
    """All visits that begin on `day` at `site`, missed and cancelled ones too, by time and chair.

    With them come the protocol versions that they follow.
    """
    rows = _rows(session, site, day)
    today = now.astimezone(ZoneInfo(site.tz)).date()
    dots = six_of_courses(session, {row.Infusion.course_id for row in rows}, today)
    given = ratings.given(session, [row.Infusion.id for row in rows])
    versions = _versions(session, {row.protocol_version_id for row in rows})
    visits = [
        _fact(
            row,
            ZoneInfo(site.tz),
            versions[row.protocol_version_id].phases,
            tuple(dots[row.Infusion.course_id]),
            given.get(row.Infusion.id, frozenset()),
            now,
        )
        for row in rows
    ]
    return visits, list(versions.values())


def _versions(session: Session, version_ids: Iterable[int]) -> dict[int, ProtocolVersion]:
    found = session.scalars(
        select(ProtocolVersion).where(ProtocolVersion.id.in_(version_ids)).order_by(ProtocolVersion.id)
    )
    return {version.id: version for version in found}


def six_of_courses(session: Session, course_ids: Iterable[int], today: date) -> dict[int, list[str]]:
    """The states of the dots of each course."""
    found: dict[int, list[Row]] = {course_id: [] for course_id in course_ids}
    for row in session.execute(
        select(
            Infusion.course_id,
            Infusion.number,
            Infusion.status,
            Infusion.local_day,
            Infusion.starts_at,
            Infusion.stopped_early,
            Infusion.counts,
        )
        .where(Infusion.course_id.in_(found))
        .order_by(Infusion.course_id, Infusion.starts_at)
    ):
        found[row.course_id].append(row)
    return {course_id: six(rows, today) for course_id, rows in found.items()}


def phase_facts(phases: Sequence[ProtocolPhase]) -> tuple[PhaseFact, ...]:
    """The phases with the way each is drawn: before the infusion, the infusion, after it, leaving."""
    at_infusion = infusion_phase(phases)

    def kind(at: int) -> str:
        if at <= at_infusion:
            return "inf" if at == at_infusion else "prep"
        leaving = at == len(phases) - 1 and at > at_infusion + 1
        return "out" if leaving else "rec"

    return tuple(PhaseFact(p.name, kind(at), p.minutes, p.nurse_load) for at, p in enumerate(phases))


def _rows(session: Session, site: Site, day: date) -> Sequence[Row]:
    return session.execute(
        select(
            Infusion,
            Patient.given_name,
            Patient.family_name,
            Patient.phone,
            func.coalesce(Chair.name, "No chair on record").label("chair"),
            Course.protocol_version_id,
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


def _fact(
    row: Row,
    zone: ZoneInfo,
    phases: Sequence[ProtocolPhase],
    dots: tuple[str, ...],
    rated: frozenset,
    now: datetime,
) -> VisitFact:
    visit: Infusion = row.Infusion
    return VisitFact(
        infusion_id=visit.id,
        course_id=visit.course_id,
        patient_id=visit.patient_id,
        given_name=row.given_name,
        family_name=row.family_name,
        phone=row.phone,
        number=visit.number,
        status=visit.status,
        confirmation=visit.confirmation,
        starts_at=visit.starts_at.astimezone(zone),
        ends_at=visit.ends_at.astimezone(zone),
        arrived_at=visit.arrived_at.astimezone(zone) if visit.arrived_at else None,
        started_at=visit.started_at.astimezone(zone) if visit.started_at else None,
        completed_at=visit.completed_at.astimezone(zone) if visit.completed_at else None,
        expected_at=visit.expected_at.astimezone(zone) if visit.expected_at else None,
        stopped_early=visit.stopped_early,
        chair_until=visit.chair_until.astimezone(zone),
        chair_id=visit.chair_id,
        chair=row.chair,
        phases=phase_facts(phases),
        six=dots,
        lacks=lacking(visit.status, hours(visit, phases), rated, now),
        rated=rated,
    )
