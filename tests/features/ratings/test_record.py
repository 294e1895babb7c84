"""Recording and correcting ratings."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError, SixfoldError
from scheduler.features.ratings.actions.record import record
from scheduler.features.ratings.entry import RatingEntry
from scheduler.features.ratings.instruments import ANXIETY_NOW, PHQ9
from scheduler.features.ratings.occasions import Slot
from scheduler.models import Alert, AuditEvent, Infusion, InfusionStatus, Rating, RatingSource, TimePoint
from tests.support.clinic import NOW, TODAY, SmallClinic, small_clinic
from tests.support.visits import add_course, add_visit, local

PRE, POST = TimePoint.PRE, TimePoint.POST_2H
BEN = Actor(None, "Ben Carver")


def prepare(database: Database, clock: str = "09:30", status: str = "scheduled") -> tuple[SmallClinic, int]:
    """One visit today at `clock`; NOW is 10:00 at the site."""
    with database.write() as session:
        clinic = small_clinic(session)
        course = add_course(session, clinic)
        start = local(clinic.site, TODAY, clock)
        visit = add_visit(session, course, clinic.chairs[0], 1, start, InfusionStatus(status))
        return clinic, visit.id


def give(
    database: Database,
    visit_id: int,
    value: int = 7,
    rated_at: datetime = NOW,
    *,
    at: datetime = NOW,
    point: TimePoint = PRE,
    replaces: int | None = None,
    reason: str | None = None,
) -> int:
    with database.write() as session:
        entry = RatingEntry(
            Slot(point, visit_id), ANXIETY_NOW.key, (value,), rated_at, "en", replaces=replaces, reason=reason
        )
        visit = session.get(Infusion, visit_id)
        return record(session, BEN, at, visit.course_id if visit else 4711, entry).id


def rows(database: Database) -> list[Rating]:
    with database.read() as session:
        return list(session.scalars(select(Rating).order_by(Rating.id)))


def test_a_rating_keeps_the_time_the_patient_answered_beside_the_time_it_was_entered(
    database: Database,
) -> None:
    _, visit_id = prepare(database)
    give(database, visit_id, 7, NOW - timedelta(minutes=20))
    (row,) = rows(database)
    assert (row.total, row.answers, row.rated_at, row.entered_at) == (
        7,
        [7],
        NOW - timedelta(minutes=20),
        NOW,
    )
    assert (row.instrument, row.instrument_version, row.language) == ("anxiety_now", 1, "en")


@pytest.mark.parametrize("value", [-1, 11, 100])
def test_only_whole_numbers_from_0_to_10_are_a_rating(sqlite: Database, value: int) -> None:
    _, visit_id = prepare(sqlite)
    with pytest.raises(RuleError, match="from 0 to 10"):
        give(sqlite, visit_id, value)
    assert rows(sqlite) == []


def test_an_answer_from_the_future_is_refused(sqlite: Database) -> None:
    _, visit_id = prepare(sqlite)
    with pytest.raises(RuleError, match="still to come"):
        give(sqlite, visit_id, rated_at=NOW + timedelta(minutes=1))


def test_an_answer_after_the_visit_is_no_rating_before_it(sqlite: Database) -> None:
    _, visit_id = prepare(sqlite, "08:00")
    later = NOW + timedelta(hours=5)
    with pytest.raises(RuleError, match="1 November, 08:00 and 2 November, 10:00"):
        give(sqlite, visit_id, rated_at=NOW + timedelta(minutes=1), at=later)
    give(sqlite, visit_id, rated_at=NOW, at=later)


def test_an_answer_before_the_infusion_began_is_no_rating_after_it(sqlite: Database) -> None:
    _, visit_id = prepare(sqlite, "09:30")
    with pytest.raises(RuleError, match="two hours after lies between 2 November, 09:50"):
        give(sqlite, visit_id, rated_at=NOW - timedelta(minutes=11), point=POST)


def test_a_late_answer_of_the_same_day_keeps_its_true_time(sqlite: Database) -> None:
    _, visit_id = prepare(sqlite)
    evening = NOW + timedelta(hours=9)
    give(sqlite, visit_id, rated_at=evening, at=NOW + timedelta(days=2), point=POST)
    assert rows(sqlite)[0].rated_at == evening


@pytest.mark.parametrize("status", ["missed", "cancelled"])
def test_a_visit_that_did_not_take_place_takes_no_rating(sqlite: Database, status: str) -> None:
    _, visit_id = prepare(sqlite, status=status)
    with pytest.raises(NotFoundError, match="may have been cancelled"):
        give(sqlite, visit_id)


def test_a_rating_of_no_visit_is_not_found(sqlite: Database) -> None:
    with pytest.raises(NotFoundError):
        give(sqlite, 4711)


def test_a_correction_needs_a_reason_and_keeps_the_first_answer(database: Database) -> None:
    _, visit_id = prepare(database)
    first = give(database, visit_id, 7)
    with pytest.raises(RuleError, match="why the recorded rating is wrong"):
        give(database, visit_id, 5, replaces=first)
    later = NOW + timedelta(minutes=5)
    give(database, visit_id, 5, replaces=first, reason="Misheard", at=later)
    old, new = rows(database)
    assert (old.total, old.voided_at, old.void_reason) == (7, later, "Misheard")
    assert (new.total, new.voided_at) == (5, None)


def test_a_second_first_rating_is_a_conflict_not_a_silent_correction(database: Database) -> None:
    _, visit_id = prepare(database)
    give(database, visit_id, 7)
    with pytest.raises(ConflictError, match="recorded this rating while you wrote"):
        give(database, visit_id, 5)
    assert [row.total for row in rows(database)] == [7]


def test_a_correction_of_a_corrected_rating_is_a_conflict(database: Database) -> None:
    _, visit_id = prepare(database)
    first = give(database, visit_id, 7)
    give(database, visit_id, 5, replaces=first, reason="Misheard")
    with pytest.raises(ConflictError):
        give(database, visit_id, 4, replaces=first, reason="Misheard")
    assert [row.total for row in rows(database)] == [7, 5]


def test_of_eight_who_record_at_once_one_wins_and_the_others_are_told(database: Database) -> None:
    _, visit_id = prepare(database)
    won: list[int] = []
    lost: list[SixfoldError] = []
    gate = threading.Barrier(8)

    def race(value: int) -> None:
        gate.wait()
        try:
            won.append(give(database, visit_id, value))
        except SixfoldError as error:
            lost.append(error)

    racers = [threading.Thread(target=race, args=(value,)) for value in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(won) == 1
    assert [type(error) for error in lost] == [ConflictError] * 7
    assert len(rows(database)) == 1


def test_the_audit_says_who_rated_whom_and_never_the_value(database: Database) -> None:
    clinic, visit_id = prepare(database)
    first = give(database, visit_id, 7)
    second = give(database, visit_id, 5, replaces=first, reason="Misheard")
    with database.read() as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    plain = {"course_id": 1, "infusion_id": visit_id, "instrument": "anxiety_now", "time_point": "pre"}
    assert [(e.action, e.entity_id, e.patient_id, e.detail) for e in events] == [
        ("rating.recorded", first, clinic.patient.id, plain),
        ("rating.corrected", second, clinic.patient.id, {**plain, "replaces": first}),
    ]


def ask(database: Database, visit_id: int, item_9: int | None, key: str | None = None, **more: object) -> int:
    """A PHQ-9 before the first infusion, by the patient's own link."""
    with database.write() as session:
        visit = session.get_one(Infusion, visit_id)
        entry = RatingEntry(
            Slot(TimePoint.BASELINE),
            PHQ9.key,
            (1, 1, 1, 2, 2, 3, 3, 3, item_9),
            NOW - timedelta(hours=1),
            "en",
            RatingSource.PATIENT,
            key=key,
            **more,  # type: ignore[arg-type]
        )
        return record(session, BEN, NOW, visit.course_id, entry).id


def test_item_9_raises_one_alert_for_clinicians_however_often_it_is_corrected(database: Database) -> None:
    clinic, visit_id = prepare(database)
    first = ask(database, visit_id, 1)
    second = ask(database, visit_id, 2, replaces=first, reason="Misheard")
    with database.read() as session:
        (alert,) = session.scalars(select(Alert)).all()
    assert (alert.kind, alert.patient_id) == ("item_9", clinic.patient.id)
    assert alert.facts == {"answer": 2, "rating_id": second}
    assert alert.acknowledged_at is None


def test_a_question_left_out_makes_a_rating_incomplete_and_raises_nothing(sqlite: Database) -> None:
    _, visit_id = prepare(sqlite)
    ask(sqlite, visit_id, None)
    assert [row.total for row in rows(sqlite)] == [None]
    with sqlite.read() as session:
        assert session.scalars(select(Alert)).all() == []


def test_the_same_answers_sent_twice_over_a_bad_line_are_one_rating(database: Database) -> None:
    _, visit_id = prepare(database)
    assert ask(database, visit_id, 0, "link:1:phq9") == ask(database, visit_id, 0, "link:1:phq9")
    assert len(rows(database)) == 1
