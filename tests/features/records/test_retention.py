"""What is past its time: by the years of its kind, from the last entry, and never what is held or goes on."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.outbox.actions.request_mail import enqueue_for_request
from scheduler.features.records.actions.ask import ask_run, stop_run
from scheduler.features.records.actions.delete import delete_record
from scheduler.features.records.actions.hold import hold_request
from scheduler.features.records.actions.rules import save_rule
from scheduler.features.records.kinds import ALL, Rule
from scheduler.features.records.queries.due import old_messages, people_due
from scheduler.features.records.queries.rules import rules
from scheduler.features.records.queries.strangers import count_strangers
from scheduler.features.records.times import Days, Facts, days_of
from scheduler.models import (
    AuditEvent,
    ConsultationRequest,
    Course,
    CourseStatus,
    Infusion,
    LegalHold,
    Message,
    MessageStatus,
    Patient,
    Purpose,
    RecordKind,
    RequestEvent,
    RequestStatus,
    RetentionRun,
    Screening,
)
from scheduler.worker.retention import Remover
from tests.features.conftest import morning_clinic
from tests.features.records.conftest import ROSA, hold, written_to
from tests.support.booked import confirm
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.course_logs import Signer
from tests.support.visits import add_six

CHART, LOGS = RecordKind.CHART, RecordKind.LOGS
YEAR = timedelta(days=366)


@pytest.fixture
def alone(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """The clinic where one database is enough to see it."""
    return morning_clinic(sqlite, monkeypatch)


def later(years: int) -> datetime:
    """`NOW`, so many years later, and a day."""
    return NOW.replace(year=NOW.year + years) + timedelta(days=1)


def due_at(database: Database, at: datetime) -> dict[int, frozenset[RecordKind]]:
    """Whose time is over, and what of them goes."""
    with database.read() as session:
        return {one.patient_id: one.kinds for one in people_due(session, rules(session), at)}


@pytest.mark.parametrize(
    ("born", "last_entry", "last_log", "by_law", "days"),
    [
        (1980, "2026-05-04", None, False, ("2036-05-04", "2036-05-04")),
        (1980, "2026-05-04", None, True, ("2033-05-04", "2033-05-04")),
        (1980, "2024-02-29", None, True, ("2031-03-01", "2031-03-01")),
        (1980, "2026-05-04", "2026-05-01", True, ("2033-05-04", "2033-05-04")),
        (2018, "2026-05-04", None, True, ("2039-06-01", "2039-06-01")),
    ],
)
def test_a_chart_is_kept_from_its_last_entry_and_a_minors_until_they_are_of_age(
    born: int, last_entry: str, last_log: str | None, by_law: bool, days: tuple[str, str]
) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(f"{text}T12:00:00+00:00")

    facts = Facts(date(born, 6, 1), at(last_entry), at(last_log) if last_log else None)
    usual = {CHART: Rule(10, 7, 21), LOGS: Rule(10, 2)}
    assert days_of(facts, usual, by_law=by_law) == Days(*(date.fromisoformat(day) for day in days))


def test_logs_stay_two_years_after_a_chart_that_no_law_asks_for() -> None:
    facts = Facts(date(1980, 6, 1), NOW, NOW)
    free = {CHART: Rule(10, 0), LOGS: Rule(10, 2)}
    assert days_of(facts, free, by_law=True) == Days(NOW.date(), date(2028, 11, 2))


def test_whoever_was_here_lately_is_held_or_has_a_course_stays(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        long_ago = {"created_at": NOW - 20 * YEAR}
        for number in range(2, 8):
            make_patient(session, clinic.site, number, **long_ago)
        people = list(session.scalars(select(Patient).order_by(Patient.id)))
        _, visits = add_six(session, clinic, [NOW.date()], patient=people[2])
        add_six(session, clinic, [NOW.date() - 15 * YEAR], patient=people[3])
        session.execute(update(Course).values(booked_at=NOW - 16 * YEAR))
        session.execute(update(Infusion).values(scheduled_at=NOW - 16 * YEAR, ics_dtstamp=NOW - 16 * YEAR))
        people[4].birth_date = NOW.date() - 20 * YEAR
        people[6].merged_into_id, people[6].archived_at = people[5].id, NOW
        session.get_one(Course, visits[0].course_id).status = CourseStatus.COMPLETED
    assert due_at(database, NOW) == {2: ALL, 6: ALL}
    hold(database, people[6].id)
    assert due_at(database, NOW) == {2: ALL}
    with database.write() as session:
        session.execute(update(Course).values(status=CourseStatus.COMPLETED))
        session.execute(update(LegalHold).values(lifted_at=NOW, lift_reason="Settled"))
    assert due_at(database, NOW) == {2: ALL, 4: ALL, 6: ALL}


def test_what_a_deletion_had_to_leave_goes_when_the_law_lets_it(database: Database, signed: Signer) -> None:
    with database.write() as session:
        save_rule(session, ROSA, NOW, CHART, Rule(10, 0))
        gone = delete_record(session, ROSA, NOW + timedelta(days=1), 1, " rv-00001", "She asked for it")
        assert gone.rest_from == date(2028, 10, 21)
    assert due_at(database, later(1)) == {}
    assert due_at(database, later(2)) == {1: ALL}


def test_a_record_without_its_logs_is_not_due_a_second_time(database: Database, signed: Signer) -> None:
    with database.write() as session:
        save_rule(session, ROSA, NOW, CHART, Rule(7, 7))
    assert due_at(database, later(7)) == {1: ALL - {LOGS}}
    run(database, later(7))
    assert due_at(database, later(8)) == {}
    assert due_at(database, later(10)) == {1: ALL}


def run(database: Database, at: datetime, *, stopping: bool = False) -> RetentionRun:
    """Ask for what is due, and let the worker do it."""
    with database.write() as session:
        found = rules(session)
        people, posts = len(list(people_due(session, found, at))), old_messages(session, found, at).count
        asked = ask_run(session, ROSA, at, f"{people}.{posts}")
    Remover(database, lambda: at).look(lambda: stopping)
    with database.read() as session:
        return session.get_one(RetentionRun, asked.id)


def test_a_run_deletes_what_was_shown_and_nothing_that_was_held_since(
    database: Database, signed: Signer
) -> None:
    with database.write() as session:
        held = make_patient(session, signed.clinic.site, 2)
        _, visits = add_six(session, signed.clinic, [NOW.date() + timedelta(days=1)], patient=held, chair=1)
        course = session.get_one(Course, visits[0].course_id)
        confirm(session, course, visits).status = MessageStatus.SENT
        course.status = CourseStatus.COMPLETED
        make_patient(session, signed.clinic.site, 3)
    with database.write() as session:
        assert len(list(people_due(session, rules(session), later(11)))) == 3
        with pytest.raises(ConflictError, match="Something else is due"):
            ask_run(session, ROSA, later(11), "2.0")
    hold(database, held.id)
    done = run(database, later(11))
    assert (done.error, done.people, done.position, done.total) == (None, 2, 4, 4)
    with database.read() as session:
        assert session.scalars(select(Patient.id)).all() == [held.id]
        assert session.scalars(select(Message.patient_id)).all() == [held.id]
        said = session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("re")))
        assert {"retention.asked", "record.removed", "retention.done"} <= set(said)


def asked_for(session: Session, number: int, **facts: object) -> int:
    """Somebody who asked for a consultation, was screened and referred elsewhere, as long ago as `NOW`."""
    request = ConsultationRequest(
        site_id=1, source="desk", request_key=f"key-{number}", given_name="Ina", family_name="Holt",
        phone="+12125550199", consent_at=NOW, consent_words="Yes", received_at=NOW,
        **{"status": RequestStatus.REFERRED, "status_since": NOW, **facts},
    )  # fmt: skip
    session.add(request)
    session.flush()
    session.add(RequestEvent(request_id=request.id, at=NOW, actor="Rosa", step="referred"))
    session.add(
        Screening(
            request_id=request.id, site_id=1, form=1, begun_at=NOW, begun_by_id=3, outcome="referred",
            signed_at=NOW, signed_by_id=3, record="{}", digest=f"digest-{number}",
        )
    )  # fmt: skip
    return request.id


def test_who_was_screened_and_never_became_a_patient_is_kept_like_a_chart_and_then_goes(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        asked_for(session, 1)
        stay = {
            asked_for(session, 2, status=RequestStatus.SEEN),
            asked_for(session, 3, birth_date=date(2020, 6, 1), is_minor=True),
            asked_for(session, 4, status_since=later(5)),
            asked_for(session, 5),
        }
        hold_request(session, ROSA, NOW, max(stay), "A claim")
    with database.read() as session:
        found = [count_strangers(session, rules(session), later(years)) for years in (9, 10)]
        people = len(list(people_due(session, rules(session), later(10))))
    assert found == [0, 1]
    with database.write() as session:
        asked = ask_run(session, ROSA, later(10), f"{people + 1}.0")
    Remover(database, lambda: later(10)).look()
    with database.read() as session:
        assert session.get_one(RetentionRun, asked.id).people == people + 1
        assert set(session.scalars(select(ConsultationRequest.id))) == stay
        assert set(session.scalars(select(Screening.request_id))) == stay
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "record.removed"))
        assert ["digest-1"] in [row.detail["digests"] for row in trail]


def test_old_messages_go_while_their_people_stay(database: Database, signed: Signer) -> None:
    with database.write() as session:
        held = asked_for(session, 1)
        hold_request(session, ROSA, NOW, held, "A claim")
        told = enqueue_for_request(
            session, NOW, purpose=Purpose.REQUEST_RECEIVED, request_id=held, dedupe_key="told"
        )
        assert told is not None
        told.status = MessageStatus.SENT
    done = run(database, later(4))
    assert (done.people, done.rows) == (0, 2)
    with database.read() as session:
        assert session.scalars(select(Message.request_id)).all() == [held]
        assert session.scalars(select(Patient.id)).all() == [1]
    with pytest.raises(RuleError, match="nothing to delete"):
        run(database, later(4))


def test_a_run_that_is_stopped_leaves_the_rest_and_a_worker_that_ends_lets_the_next_go_on(
    sqlite: Database, alone: SmallClinic
) -> None:
    left = run(sqlite, later(11), stopping=True)
    assert (left.people, left.finished_at, left.moved_at) == (0, None, None)
    with pytest.raises(ConflictError, match="under way"), sqlite.write() as session:
        ask_run(session, ROSA, later(11), "1.0")
    with sqlite.write() as session:
        assert stop_run(session, ROSA, later(11), left.id)
    with sqlite.write() as session:
        assert not stop_run(session, ROSA, later(11), left.id)
    Remover(sqlite, lambda: later(11)).look()
    with sqlite.read() as session:
        assert session.scalars(select(Patient.id)).all() == [1]
        assert session.get_one(RetentionRun, left.id).error == "Stopped by Rosa."


@pytest.mark.parametrize(
    ("kind", "wanted", "field"),
    [
        (LOGS, Rule(10, 1), "least"),
        (CHART, Rule(6, 7), "years"),
        (CHART, Rule(51, 7), "years"),
        (CHART, Rule(10, 7, 41), "until_age"),
        (RecordKind.MESSAGES, Rule(4, 1), "least"),
    ],
)
def test_years_below_the_law_are_refused(
    sqlite: Database, alone: SmallClinic, kind: RecordKind, wanted: Rule, field: str
) -> None:
    with pytest.raises(RuleError) as refused, sqlite.write() as session:
        save_rule(session, ROSA, NOW, kind, wanted)
    assert refused.value.extra["field"] == field


def test_years_that_somebody_else_changed_are_not_overwritten(sqlite: Database, alone: SmallClinic) -> None:
    def change(years: int, seen: int) -> None:
        with sqlite.write() as session:
            save_rule(session, ROSA, NOW, CHART, Rule(years, 7, 21, seen))

    change(12, 0)
    with pytest.raises(ConflictError):
        change(15, 0)
    change(15, 1)
    with sqlite.read() as session:
        assert rules(session)[CHART] == Rule(15, 7, 21, 2)


def test_messages_of_a_person_go_with_an_answer_to_them(sqlite: Database, alone: SmallClinic) -> None:
    with sqlite.write() as session:
        add_six(session, alone, [NOW.date()])
        written_to(session, alone, 1)

    def count(session: Session, at: datetime) -> int:
        return old_messages(session, rules(session), at).count

    with sqlite.read() as session:
        assert [count(session, later(years)) for years in (3, 4)] == [0, 2]
