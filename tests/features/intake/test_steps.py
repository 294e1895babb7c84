"""Where a request may go: only along the written steps, and never without somebody's next one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.intake.steps import LEGAL, OPEN, advance, locked_request, workday
from scheduler.models import AuditEvent, RequestEvent, RequestStatus
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.requests import ROSA, make_request

S = RequestStatus
ARROWS = {
    S.NEW: {S.CONTACTED, S.BOOKED, S.CLOSED},
    S.CONTACTED: {S.BOOKED, S.SEEN, S.CLOSED},
    S.BOOKED: {S.CONTACTED, S.SEEN, S.CLOSED},
    S.SEEN: {S.BOOKED, S.SUITABLE, S.NOT_NOW, S.REFERRED, S.CLOSED},
    S.SUITABLE: {S.SUITABLE, S.NOT_NOW, S.REFERRED, S.CLOSED},
    S.NOT_NOW: {S.CONTACTED, S.SUITABLE, S.NOT_NOW, S.REFERRED},
    S.REFERRED: {S.CONTACTED, S.SUITABLE, S.NOT_NOW, S.REFERRED},
    S.CLOSED: {S.CONTACTED},
}


def test_only_the_written_steps_lead_anywhere() -> None:
    assert {status: set(after) for status, after in LEGAL.items()} == ARROWS


class Forgotten(Exception):
    """Nothing of an example stays."""


@pytest.fixture
def clinic(sqlite: Database) -> SmallClinic:
    """The small clinic, without a morning."""
    with sqlite.write() as session:
        return small_clinic(session)


@given(steps=st.lists(st.sampled_from(S), max_size=9))
@settings(
    max_examples=40,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_falls_out_of_sight_whatever_is_done(
    sqlite: Database, clinic: SmallClinic, steps: list[S]
) -> None:
    """An open request always has a next step and its day, and its history says each step that was taken."""
    with pytest.raises(Forgotten), sqlite.write() as session:
        live(session, clinic, steps)


def live(session: Session, clinic: SmallClinic, steps: list[S]) -> None:
    request = make_request(session, clinic, patient_id=clinic.patient.id)
    taken = [S.NEW]
    for hours, to in enumerate(steps, 1):
        leads = to in ARROWS[taken[-1]]
        try:
            advance(session, ROSA, NOW + timedelta(hours=hours), request, to, "They asked for it")
        except ConflictError:
            assert not leads
        else:
            assert leads
            taken.append(to)
        assert request.status is taken[-1]
        assert (bool(request.next_step), request.next_due is not None) == (request.status in OPEN,) * 2
    said = select(RequestEvent.step).where(RequestEvent.request_id == request.id).order_by(RequestEvent.id)
    assert list(session.scalars(said)) == [step.value for step in taken]
    audited = select(AuditEvent.action).where(AuditEvent.entity == "request").order_by(AuditEvent.id)
    assert list(session.scalars(audited)) == [f"request.{step.value}" for step in taken]
    raise Forgotten


def test_what_ends_the_way_of_a_person_has_a_reason(sqlite: Database, clinic: SmallClinic) -> None:
    with sqlite.write() as session:
        request = make_request(session, clinic)
        for reason in ("", "  ", "x" * 301):
            with pytest.raises(RuleError):
                advance(session, ROSA, NOW, request, S.CLOSED, reason)
        advance(session, ROSA, NOW, request, S.CLOSED, "Lives  abroad")
        assert (request.status, request.status_reason, request.next_due) == (S.CLOSED, "Lives abroad", None)


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [("2026-11-02", 1, "2026-11-03"), ("2026-11-06", 1, "2026-11-09"), ("2026-11-07", 0, "2026-11-09")],
)
def test_nobody_is_due_a_call_on_a_weekend(day: str, days: int, due: str) -> None:
    assert workday(date.fromisoformat(day), days) == date.fromisoformat(due)


def test_what_is_due_is_counted_from_the_day_at_the_site(sqlite: Database, clinic: SmallClinic) -> None:
    night = datetime(2026, 11, 3, 4, 30, tzinfo=UTC)  # Half past eleven on Monday night in New York.
    with sqlite.write() as session:
        assert make_request(session, clinic, at=night).next_due == date(2026, 11, 3)


def test_an_erased_request_can_not_be_opened(sqlite: Database, clinic: SmallClinic) -> None:
    with sqlite.write() as session:
        request_id = make_request(session, clinic, erased_at=NOW).id
        for wrong in (request_id, 999):
            with pytest.raises(NotFoundError):
                locked_request(session, wrong)
