"""What the desk does about a request: nothing is lost, and nobody undoes what somebody else just wrote."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.intake.found import search
from scheduler.features.path.actions.correct import Details, correct
from scheduler.features.path.actions.tend import Plan, add_note, plan, reached, tried
from scheduler.features.path.actions.turn import close, reopen, sweep
from scheduler.models import ConsultationRequest, RequestEvent, RequestStatus
from tests.support.clinic import NOW, TODAY, SmallClinic, small_clinic
from tests.support.requests import ROSA, make_request

S = RequestStatus
LATER = TODAY + timedelta(days=3)


@pytest.fixture
def clinic(sqlite: Database) -> SmallClinic:
    """The small clinic."""
    with sqlite.write() as session:
        return small_clinic(session)


def steps(session: Session, request: ConsultationRequest) -> list[str]:
    """Its history."""
    own = select(RequestEvent.step).where(RequestEvent.request_id == request.id)
    return list(session.scalars(own.order_by(RequestEvent.id)))


def test_a_second_click_writes_no_second_note_and_contacts_nobody_twice(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        request = make_request(session, clinic)
        for _ in range(2):
            add_note(session, ROSA, NOW, request.id, " Prefers the side door ")
            reached(session, ROSA, NOW, request.id)
        assert steps(session, request) == ["new", "note", "contacted", "note"]


def test_who_did_not_answer_is_called_again_on_the_next_working_day(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        request = make_request(session, clinic)
        tried(session, ROSA, NOW + timedelta(days=4), request.id)  # A Friday.
        assert (request.status, request.next_step, request.next_due) == (
            S.NEW,
            "Call again",
            date(2026, 11, 9),
        )


def test_what_is_next_has_words_a_day_ahead_and_somebody_who_works_here(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        request = make_request(session, clinic)
        seen, desk = request.version, clinic.users["front_desk"]
        for wrong in (
            Plan("", LATER, None, seen),
            Plan("x" * 121, LATER, None, seen),
            Plan("Call", TODAY - timedelta(days=1), None, seen),
            Plan("Call", LATER, 999, seen),
        ):
            with pytest.raises(RuleError):
                plan(session, ROSA, NOW, request.id, wrong)
        plan(session, ROSA, NOW, request.id, Plan("Call the mother", LATER, desk.id, seen))
        assert (request.next_step, request.next_due, request.owner_id) == ("Call the mother", LATER, desk.id)


def test_nobody_overwrites_a_plan_that_was_made_meanwhile(sqlite: Database, clinic: SmallClinic) -> None:
    with sqlite.write() as session:
        request = make_request(session, clinic)
        seen = request.version
        plan(session, ROSA, NOW, request.id, Plan("Write a letter", LATER, None, seen))
        with pytest.raises(ConflictError, match=r"Rosa changed.*Write a letter"):
            plan(session, ROSA, NOW, request.id, Plan("Call", LATER, None, seen))


def test_a_request_is_closed_once_with_a_reason_and_may_go_on(sqlite: Database, clinic: SmallClinic) -> None:
    with sqlite.write() as session:
        request = make_request(session, clinic)
        with pytest.raises(RuleError):
            close(session, ROSA, NOW, request.id, " ")
        for _ in range(2):
            close(session, ROSA, NOW, request.id, "Went elsewhere")
        with pytest.raises(ConflictError):
            tried(session, ROSA, NOW, request.id)
        for _ in range(2):
            reopen(session, ROSA, NOW, request.id)
        assert steps(session, request) == ["new", "closed", "contacted"]


def test_a_crowd_of_machines_is_closed_at_once_but_nobody_who_was_answered(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        crowd = [make_request(session, clinic, number) for number in range(1, 5)]
        reached(session, ROSA, NOW, crowd[0].id)
        assert sweep(session, ROSA, NOW, [one.id for one in crowd[:3]] + [999]) == 2
        assert [one.status for one in crowd] == [S.CONTACTED, S.CLOSED, S.CLOSED, S.NEW]


def test_a_corrected_name_is_found_and_the_old_one_no_more(sqlite: Database, clinic: SmallClinic) -> None:
    with sqlite.write() as session:
        request = make_request(session, clinic)
        make_request(session, clinic, 2, given_name="Otto")
        right = Details("Inés", "Núñez", None, "+12125550199", "es", "phone", ("0a",), False, "")
        with pytest.raises(ConflictError):
            correct(session, ROSA, NOW, request.id, right, request.version + 1)
        correct(session, ROSA, NOW, request.id, right, request.version)
        assert [one.id for one in search(session, "nun ine", 9)] == [request.id]
        assert [one.id for one in search(session, "(212) 555-0199", 9)] == [request.id]
        assert not search(session, "okafor1", 9)
        assert not search(session, "%", 9)
