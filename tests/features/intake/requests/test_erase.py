"""Whoever asked and of whom nothing came is erased after the days that the page promises."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.features.intake.late import tend_late
from scheduler.features.intake.requests.actions import erase as erase_module
from scheduler.features.intake.requests.actions.erase import erase, erase_forgotten
from scheduler.features.intake.requests.actions.receive import receive
from scheduler.features.intake.steps import advance, note_event, set_next
from scheduler.features.records.actions.hold import hold_request, lift_hold
from scheduler.models import (
    Alert,
    AlertKind,
    AuditEvent,
    ConsultationRequest,
    LegalHold,
    Message,
    RequestEvent,
    RequestPage,
    RequestStatus,
    Screening,
    StaffTask,
)
from scheduler.worker.housekeeping import clean
from tests.features.intake.requests.test_receive import ORDER
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.consultations import add_consultation
from tests.support.requests import make_request

OVER = NOW + timedelta(days=90, minutes=1)
Life = Callable[[Session, SmallClinic, ConsultationRequest], None]


def asked(session: Session) -> ConsultationRequest:
    """Ana asked at `NOW` on the page."""
    return receive(session, WORKER, NOW, ORDER)


def test_nothing_of_the_person_is_left_and_the_count_stays(database: Database) -> None:
    with database.write() as session:
        small_clinic(session)
        request = asked(session)
        note_event(session, WORKER, NOW, request, "note", "Ana prefers to be called at noon", owner="Ana")
        set_next(session, WORKER, NOW, request, "Call Ana", NOW.date())
        tend_late(session, NOW + timedelta(days=2))
        message = session.scalars(select(Message)).one()
        message.recipient, message.body, message.subject = "ana@example.org", b"Ana", "For Ana"
    with database.write() as session:
        assert erase_forgotten(session, OVER - timedelta(minutes=2)) == 0
    with database.write() as session:
        clean(session, OVER)
    with database.read() as session:
        (row,) = session.execute(select(ConsultationRequest.__table__)).mappings().all()
        events = session.execute(select(RequestEvent.__table__).order_by(RequestEvent.id)).mappings().all()
        (sent,) = session.execute(select(Message.__table__)).mappings().all()
        trail = session.execute(select(AuditEvent.__table__)).mappings().all()
        (task,) = session.execute(select(StaffTask.__table__)).mappings().all()
    for one in (row, *events, sent, task, *trail):
        said = repr({name: value for name, value in one.items() if name != "message_id"})
        assert "Ana" not in said and "ana" not in said and "Ruiz" not in said, said
    assert row["erased_at"] == OVER and row["status"] == RequestStatus.CLOSED and row["next_due"] is None
    assert [event["step"] for event in events] == ["new", "note", "closed", "erased"]
    assert sent["status"] == "void"
    with database.write() as session:
        assert erase_forgotten(session, OVER + timedelta(days=999)) == 0


def heard_of(session: Session, clinic: SmallClinic, request: ConsultationRequest) -> None:
    """Somebody wrote a note a month later."""
    note_event(session, WORKER, NOW + timedelta(days=30), request, "note")


def became_a_patient(session: Session, clinic: SmallClinic, request: ConsultationRequest) -> None:
    """They have a record."""
    request.patient_id = clinic.patient.id


def was_seen(session: Session, clinic: SmallClinic, request: ConsultationRequest) -> None:
    """A clinician spoke with them, and it is not the time."""
    add_consultation(session, clinic, request, NOW + timedelta(days=1)).status = "seen"
    for step in (RequestStatus.BOOKED, RequestStatus.SEEN, RequestStatus.NOT_NOW):
        advance(session, WORKER, NOW, request, step, "Later")


def is_booked(session: Session, clinic: SmallClinic, request: ConsultationRequest) -> None:
    """A consultation is still to come."""
    add_consultation(session, clinic, request, OVER + timedelta(days=1))


def was_screened(session: Session, clinic: SmallClinic, request: ConsultationRequest) -> None:
    """A clinician began to write."""
    by = clinic.users["clinician"].id
    session.add(Screening(request_id=request.id, site_id=1, form=1, begun_at=NOW, begun_by_id=by))


def was_in_danger(session: Session, clinic: SmallClinic, request: ConsultationRequest) -> None:
    """An alert was raised about them."""
    session.add(
        Alert(kind=AlertKind.SUICIDALITY, request_id=request.id, dedupe_key="a", raised_at=NOW, facts={})
    )


def is_kept_longer(session: Session, clinic: SmallClinic, request: ConsultationRequest) -> None:
    """The site keeps people for a year."""
    session.add(RequestPage(site_id=clinic.site.id, keep_days=365))


def is_held(session: Session, clinic: SmallClinic, request: ConsultationRequest) -> None:
    """Somebody claims something."""
    session.add(LegalHold(request_id=request.id, reason="A claim", placed_at=NOW))


@pytest.mark.parametrize(
    "life",
    [heard_of, became_a_patient, was_seen, is_booked, was_screened, was_in_danger, is_kept_longer, is_held],
)
def test_of_whom_something_came_nothing_is_erased(sqlite: Database, life: Life) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        life(session, clinic, asked(session))
    with sqlite.write() as session:
        assert erase_forgotten(session, OVER) == 0
        assert session.scalars(select(ConsultationRequest)).one().name == "Ana Ruiz"


def test_a_hold_counts_from_when_it_is_placed_until_it_is_lifted_and_keeps_nobody_else(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erase_module, "AT_ONCE", 1)
    with sqlite.write() as session:
        clinic = small_clinic(session)
        request = asked(session)
        make_request(session, clinic, 2)
        held = hold_request(session, WORKER, NOW, request.id, "A claim")
        assert not erase(session, OVER, request.id)
        assert [erase_forgotten(session, OVER) for _ in range(2)] == [1, 0]
        lift_hold(session, WORKER, NOW, held.id, "Settled")
        assert erase_forgotten(session, OVER) == 1


def test_an_hour_of_housekeeping_erases_what_ten_thousand_bots_left(sqlite: Database) -> None:
    with sqlite.write() as session:
        small_clinic(session)
        session.add_all(
            ConsultationRequest(
                site_id=1, source="page", request_key=str(number), given_name="Bot", family_name="",
                email="b@x.io", consent_at=NOW, consent_words="Yes", received_at=NOW, status_since=NOW,
                status="closed",
            )
            for number in range(230)
        )  # fmt: skip
    erased: list[int] = []
    at: datetime = OVER
    while not erased or erased[-1]:
        with sqlite.write() as session:
            erased.append(erase_forgotten(session, at))
    assert erased == [200, 30, 0]
