"""What the database itself refuses, whatever the code believes: rows are written directly."""

from datetime import date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record
from scheduler.models import AuditEvent, Course, Infusion, InfusionStatus, MessageAttempt
from tests.support.booked import confirm
from tests.support.clinic import NOW, SmallClinic, make_patient, small_clinic
from tests.support.visits import add_course, local

DAY = date(2026, 11, 10)
MINUTE = timedelta(minutes=1)
VISIT, TURNOVER = 120 * MINUTE, 20 * MINUTE
CHAIR = "That chair was taken a moment ago."
PATIENT = "This patient already has a visit at that time."
NUMBERS = count(1)


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic; its first chair has a visit from 9 to 11 and rests until 11:20."""
    with database.write() as session:
        found = small_clinic(session)
        add(session, found, at(found, "09:00"))
    return found


def at(clinic: SmallClinic, clock: str) -> datetime:
    """A time of the day."""
    return local(clinic.site, DAY, clock)


def add(
    session: Session,
    clinic: SmallClinic,
    start: datetime,
    *,
    chair: int = 0,
    course: Course | None = None,
    number: int = 1,
    status: InfusionStatus = InfusionStatus.SCHEDULED,
) -> Infusion:
    """A visit of two hours and its turnover, of a patient of its own unless `course` is given."""
    unique = next(NUMBERS)
    if course is None:
        course = add_course(session, clinic, make_patient(session, clinic.site, unique + 100))
    visit = Infusion(
        course_id=course.id,
        patient_id=course.patient_id,
        site_id=clinic.site.id,
        chair_id=clinic.chairs[chair].id,
        number=number,
        status=status,
        starts_at=start,
        ends_at=start + VISIT,
        chair_until=start + VISIT + TURNOVER,
        local_day=DAY,
        scheduled_at=NOW,
        ics_uid=f"guard-{unique}",
        ics_dtstamp=NOW,
        ics_organizer="appointments@riverside.example",
    )
    session.add(visit)
    session.flush()
    return visit


def visits(database: Database) -> int:
    """How many visits stand in the table."""
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Infusion)) or 0


@pytest.mark.parametrize("clock", ["06:41", "07:00", "09:00", "10:59", "11:00", "11:19"])
def test_a_chair_takes_no_second_visit_before_it_is_ready_again(
    database: Database, clinic: SmallClinic, clock: str
) -> None:
    with pytest.raises(ConflictError, match=CHAIR), database.write() as session:
        add(session, clinic, at(clinic, clock))
    assert visits(database) == 1


@pytest.mark.parametrize("clock", ["06:40", "11:20"])
def test_visits_that_only_touch_are_allowed(database: Database, clinic: SmallClinic, clock: str) -> None:
    with database.write() as session:
        add(session, clinic, at(clinic, clock))
    assert visits(database) == 2


def test_the_other_chair_is_free(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        add(session, clinic, at(clinic, "09:00"), chair=1)
    assert visits(database) == 2


@pytest.mark.parametrize("clock", ["07:01", "09:30", "10:59"])
def test_a_patient_cannot_be_in_two_chairs(database: Database, clinic: SmallClinic, clock: str) -> None:
    with pytest.raises(ConflictError, match=PATIENT), database.write() as session:
        add(session, clinic, at(clinic, clock), chair=1, course=session.get_one(Course, 1), number=2)
    assert visits(database) == 1


def test_a_patient_may_go_straight_to_the_next_chair(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        add(session, clinic, at(clinic, "11:00"), chair=1, course=session.get_one(Course, 1), number=2)
    assert visits(database) == 2


@pytest.mark.parametrize("status", [InfusionStatus.CANCELLED, InfusionStatus.MISSED])
def test_a_visit_that_does_not_take_place_frees_its_chair_and_cannot_come_back_over_another(
    database: Database, clinic: SmallClinic, status: InfusionStatus
) -> None:
    with database.write() as session:
        session.execute(update(Infusion).values(status=status))
    with database.write() as session:
        second = add(session, clinic, at(clinic, "10:00")).id
    with pytest.raises(ConflictError, match=CHAIR), database.write() as session:
        session.execute(update(Infusion).where(Infusion.id != second).values(status=InfusionStatus.SCHEDULED))
    with database.write() as session:
        session.execute(update(Infusion).where(Infusion.id == second).values(status=status))
        session.execute(update(Infusion).where(Infusion.id != second).values(status=InfusionStatus.SCHEDULED))


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": 105, "ends_at": 225, "chair_until": 245},
        {"chair_until": 341},
    ],
)
def test_moving_or_prolonging_a_visit_into_another_one_is_refused(
    database: Database, clinic: SmallClinic, changes: dict[str, int]
) -> None:
    with database.write() as session:
        later = add(session, clinic, at(clinic, "14:40")).id
    nine = at(clinic, "09:00")
    with pytest.raises(ConflictError, match=CHAIR), database.write() as session:
        session.execute(
            update(Infusion)
            .where(Infusion.id == later if "starts_at" in changes else Infusion.id != later)
            .values({name: nine + minutes * MINUTE for name, minutes in changes.items()})
        )


def test_a_visit_may_change_and_move_within_its_own_time(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        visit = session.scalars(select(Infusion)).one()
        visit.status = InfusionStatus.ARRIVED
        visit.starts_at += 10 * MINUTE
    with database.write() as session:
        session.scalars(select(Infusion)).one().chair_id = clinic.chairs[1].id


def test_two_visits_written_in_one_go_are_checked_against_each_other(
    database: Database, clinic: SmallClinic
) -> None:
    def add_both(session: Session) -> None:
        for clock in ("13:00", "14:00"):
            add(session, clinic, at(clinic, clock))

    with pytest.raises(ConflictError, match=CHAIR), database.write() as session:
        add_both(session)
    assert visits(database) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_at": datetime(2020, 1, 1, tzinfo=NOW.tzinfo)},
        {"chair_until": datetime(2020, 1, 1, tzinfo=NOW.tzinfo)},
        {"number": 25},
        {"number": 0},
        {"confirmation": "perhaps"},
        {"site_id": 99},
        {"patient_id": 99},
        {"chair_id": 99},
    ],
)
def test_a_visit_that_makes_no_sense_is_refused(
    database: Database, clinic: SmallClinic, changes: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(update(Infusion).values(**changes))


def test_a_status_that_is_none_is_refused(database: Database, clinic: SmallClinic) -> None:
    with pytest.raises(DBAPIError), database.write() as session:
        session.connection().exec_driver_sql("UPDATE infusions SET status = 'lost'")


def test_the_audit_trail_takes_new_rows_only(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        record(session, COMMAND, NOW, "site.read", "site", 1)
    for change in (update(AuditEvent).values(action="nothing happened"), delete(AuditEvent)):
        with pytest.raises(IntegrityError, match="append_only_audit_events"), database.write() as session:
            session.execute(change)
    with database.read() as session:
        assert session.scalars(select(AuditEvent.action)).all() == ["site.read"]


def test_so_do_the_attempts_to_deliver_a_message(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        message = confirm(session, session.get_one(Course, 1), [])
        session.flush()
        session.add(MessageAttempt(message_id=message.id, at=NOW, fence=1, worker="w", outcome="sent"))
    for change in (update(MessageAttempt).values(outcome="never sent"), delete(MessageAttempt)):
        with pytest.raises(IntegrityError, match="append_only_message_attempts"), database.write() as session:
            session.execute(change)


def test_a_patient_with_a_course_cannot_vanish(database: Database, clinic: SmallClinic) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM patients")
