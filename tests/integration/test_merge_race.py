"""Somebody books for a patient while somebody else merges that record away: nobody is booked who is gone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.book import book_course
from scheduler.features.patients.actions.archive import archive_patient
from scheduler.features.patients.actions.merge import MergeOrder, merge_patients
from scheduler.models import Course, Infusion, Patient
from tests.support.changes import MONDAY, ROSA
from tests.support.clinic import NOW, SmallClinic, make_patient, small_clinic
from tests.support.courses import order_for, set_on

ROUNDS = 6


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic with room for all at once, committed: whichever of two wins, nobody lacks a nurse."""
    with database.write() as session:
        return small_clinic(session, chairs=ROUNDS, nurses=ROUNDS)


def together(*works: Callable[[], object]) -> list[str]:
    """Run all at once: for each `done`, or the sentence with which it was refused."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        start.wait()
        try:
            work()
        except (ConflictError, RuleError) as refused:
            return refused.sentence
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_a_booking_is_merged_along_or_told_where_to_go(database: Database, clinic: SmallClinic) -> None:
    for number in range(ROUNDS):
        with database.write() as session:
            kept, other = (make_patient(session, clinic.site, 100 + 2 * number + n) for n in range(2))
        booking = order_for(
            clinic, set_on(clinic.chairs[number].id, MONDAY), key=f"key-{number}", patient=other
        )
        order = MergeOrder(kept.id, other.id, 1, 1, frozenset())
        booked, merged = together(
            lambda booking=booking: database.attempt(lambda s: book_course(s, ROSA, NOW, booking)),
            lambda order=order: database.attempt(lambda s: merge_patients(s, ROSA, NOW, order)),
        )
        assert merged == "done"
        assert booked == "done" or "was merged into" in booked
    with database.read() as session:
        gone = select(Patient.id).where(Patient.merged_into_id.is_not(None))
        assert session.scalars(select(Course.id).where(Course.patient_id.in_(gone))).all() == []
        assert session.scalars(select(Infusion.id).where(Infusion.patient_id.in_(gone))).all() == []


def test_two_people_who_merge_the_same_two_records_crosswise_end_in_one_merge(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        one, two = (make_patient(session, clinic.site, 50 + n) for n in range(2))
    orders = [
        MergeOrder(one.id, two.id, 1, 1, frozenset()),
        MergeOrder(two.id, one.id, 1, 1, frozenset()),
    ]
    answers = together(
        *(
            lambda order=order: database.attempt(lambda s: merge_patients(s, ROSA, NOW, order))
            for order in orders
        )
    )
    assert sorted(answer == "done" for answer in answers) == [False, True]
    with database.read() as session:
        assert len(session.scalars(select(Patient).where(Patient.merged_into_id.is_not(None))).all()) == 1


def test_nobody_is_archived_with_a_course_that_is_booked_at_the_same_moment(
    database: Database, clinic: SmallClinic
) -> None:
    for number in range(ROUNDS):
        with database.write() as session:
            patient = make_patient(session, clinic.site, 200 + number)
        booking = order_for(
            clinic, set_on(clinic.chairs[number].id, MONDAY), key=f"key-{number}", patient=patient
        )
        answers = together(
            lambda booking=booking: database.attempt(lambda s: book_course(s, ROSA, NOW, booking)),
            lambda patient=patient: database.attempt(lambda s: archive_patient(s, ROSA, NOW, patient.id)),
        )
        assert sorted(answer == "done" for answer in answers) == [False, True]
