"""Whatever the demo has placed keeps the rules of PLANNING.md, section 3."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from scheduler.cli.demo.days import HORIZON, Calendar
from scheduler.features.capacity.ground import bookings_of, clinic_of, known_versions, protocol_of, type_name
from scheduler.features.capacity.queries import sites
from scheduler.features.courses.wishes import Wishes
from scheduler.models import Course, Infusion, InfusionStatus
from scheduler.planning import Bookings, Clinic, Plan, PlannedInfusion, Protocol, Request, check
from scheduler.planning.costs import objective
from tests.cli.demo.conftest import Made

GONE = {InfusionStatus.MISSED, InfusionStatus.CANCELLED}


def test_every_course_keeps_all_rules_among_all_other_visits(any_clinic: Made) -> None:
    calendar = Calendar(any_clinic.now)
    first, last = calendar.day(HORIZON[0]), calendar.day(HORIZON[1])
    with any_clinic.database.read() as session:
        capacity = clinic_of(session, sites(session), known_versions(session), first, last)
        standing = bookings_of(session, capacity, first, last)
        faults = {
            course.id: found
            for course in _courses(session)
            if (
                found := _faults(
                    capacity, standing, course, [row for row in course.infusions if row.status not in GONE]
                )
            )
        }
    assert len(standing) > 600
    assert faults == {}


def _faults(capacity: Clinic, standing: Bookings, course: Course, rows: Sequence[Infusion]) -> list[object]:
    version, wishes = course.protocol_version, Wishes.from_json(course.wishes)
    protocol = protocol_of(version)
    if len(rows) < version.infusions:
        # A course that was broken off, or where a visit has no replacement yet: what stands keeps its gaps.
        numbers = sorted(rows, key=lambda row: row.number)
        protocol = Protocol(
            n=len(rows),
            types=protocol.types[: len(rows)],
            gap_min=protocol.gap_min,
            gap_max=protocol.gap_max if _unbroken(numbers) else protocol.gap_max * 2,
            gap_target=protocol.gap_target,
            span_min=1,
            span_max=protocol.span_max,
        )
    plan = [
        _planned(capacity, at, row, course)
        for at, row in enumerate(sorted(rows, key=lambda row: row.starts_at), 1)
    ]
    if not plan:
        return []
    request = Request(
        id=str(course.id),
        sites=(str(course.site_id),),
        protocol=protocol,
        first_day_min=plan[0].day,
        first_day_max=plan[0].day,
        availability=wishes.availability(),
        preference=wishes.preference(),
        chair_type=version.chair_type,
    )
    others = _without(capacity, standing, plan)
    value = objective(capacity, others, request, plan)
    return list(check(capacity, others, request, Plan(value, tuple(plan))))


def _unbroken(rows: Sequence[Infusion]) -> bool:
    return all(b.number == a.number + 1 for a, b in pairwise(rows))


def _planned(capacity: Clinic, number: int, row: Infusion, course: Course) -> PlannedInfusion:
    start = row.starts_at.astimezone(ZoneInfo(capacity.tz))
    return PlannedInfusion(
        number, str(row.site_id), str(row.chair_id), type_name(course.protocol_version_id), start
    )


def _without(capacity: Clinic, standing: Bookings, plan: Sequence[PlannedInfusion]) -> Bookings:
    """The other courses' visits."""
    own = {
        (capacity.chair_index[one.chair], one.day.toordinal(), one.minute // capacity.slot_min)
        for one in plan
    }
    rows = zip(standing.chair.tolist(), standing.day.tolist(), standing.slot.tolist(), strict=True)
    keep = np.array([row not in own for row in rows])
    assert int((~keep).sum()) == len(plan)
    return standing.where(keep)


def test_no_chair_and_no_patient_is_taken_twice(any_clinic: Made) -> None:
    one, other = aliased(Infusion), aliased(Infusion)
    shared = (one.chair_id == other.chair_id) | (one.patient_id == other.patient_id)
    with any_clinic.database.read() as session:
        clashes = session.execute(
            select(one.id, other.id).where(
                shared,
                one.id < other.id,
                one.status.not_in(GONE),
                other.status.not_in(GONE),
                one.starts_at < other.chair_until,
                other.starts_at < one.chair_until,
            )
        ).all()
    assert clashes == []


def test_a_visit_lasts_as_long_as_its_protocol_says_on_every_date(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        lengths = {
            (row.ends_at - row.starts_at, row.chair_until - row.ends_at, row.site_id)
            for course in _courses(session)
            for row in course.infusions
        }
        days = session.scalar(select(func.count()).select_from(Infusion).where(Infusion.number > 6))
    two_hours = timedelta(hours=2)
    assert lengths == {(two_hours, timedelta(0), 1), (two_hours, timedelta(minutes=10), 2)}
    assert days == 0


def _courses(session: Session) -> Sequence[Course]:
    return session.scalars(select(Course).options(selectinload(Course.infusions)).order_by(Course.id)).all()
