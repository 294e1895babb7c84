"""Verifying: whatever was changed past the code and past the triggers is found and named."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.review.actions.beside import Said, add_addendum, co_sign
from scheduler.features.review.queries.verify import verify
from scheduler.models import (
    Addendum,
    AdverseEvent,
    CognitiveRun,
    CoSignature,
    Course,
    Patient,
    Rating,
    Role,
    SignedRecord,
    User,
    VitalSigns,
)
from tests.support.clinic import NOW, make_user
from tests.support.course_logs import Signer, signer
from tests.support.task_runs import add_run


def without_triggers(database: Database) -> None:
    """As somebody with the database's own password could."""
    with database.write() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))


@pytest.fixture
def signed(sqlite: Database) -> Signer:
    """A signed course with an addendum and a second signature, in a database without triggers."""
    found = signer(sqlite)
    with sqlite.write() as session:
        add_run(session, session.get_one(Course, found.course_id), NOW - timedelta(days=30))
    found.give_all_reasons()
    found.sign()
    with sqlite.write() as session:
        add_addendum(
            session, found.ada, NOW, found.course_id, Said("71 kg", "Misread", "a-key", found.visits[0])
        )
        eve = make_user(session, Role.CLINICIAN, found.clinic.site, "Eve")
        co_sign(session, Actor(eve.id, eve.name), NOW, found.course_id)
    without_triggers(sqlite)
    return found


def found(signed: Signer) -> list[str]:
    """What does not fit."""
    with signed.database.read() as session:
        return [f"{one.where}: {one.what}" for one in verify(session).misfits]


def test_what_nobody_touched_fits_and_names_may_change(signed: Signer) -> None:
    assert found(signed) == []
    with signed.database.write() as session:
        session.execute(update(Patient).values(family_name="Lindqvist-Bell", phone="+12125550199"))
        session.execute(update(User).values(name="Another name"))
    assert found(signed) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_single_byte_changed_in_a_stored_record_is_found(signed: Signer, data: st.DataObject) -> None:
    with signed.database.read() as session:
        records = session.scalars(select(SignedRecord).order_by(SignedRecord.id)).all()
    row = data.draw(st.sampled_from(records))
    column = data.draw(st.sampled_from(["record", "digest"]))
    stored = getattr(row, column).encode()
    at = data.draw(st.integers(0, len(stored) - 1))
    byte = data.draw(st.integers(32, 126).filter(lambda byte: byte != stored[at]))
    changed = (stored[:at] + bytes([byte]) + stored[at + 1 :]).decode(errors="surrogateescape")
    _put(signed.database, row.id, column, changed)
    try:
        assert found(signed)
    finally:
        _put(signed.database, row.id, column, stored.decode())


def _put(database: Database, row_id: int, column: str, value: str) -> None:
    with database.write() as session:
        kept = value.encode(errors="replace").decode()
        session.execute(update(SignedRecord).where(SignedRecord.id == row_id).values({column: kept}))


def _vitals(session: Session) -> None:
    session.execute(update(VitalSigns).where(VitalSigns.id == 3).values(sbp=119))


def _added(session: Session) -> None:
    session.execute(delete(AdverseEvent).where(AdverseEvent.log_id == 2))


def _rating(session: Session) -> None:
    session.execute(update(Rating).where(Rating.id == 2).values(total=1))


def _signer(session: Session) -> None:
    session.execute(update(SignedRecord).where(SignedRecord.infusion_id.is_(None)).values(signed_by_id=1))


def _addendum(session: Session) -> None:
    session.execute(update(Addendum).values(words="70 kg"))


def _lost(session: Session) -> None:
    session.execute(delete(Addendum))


def _answers(session: Session) -> None:
    session.execute(update(CognitiveRun).values(responses=[[0, 1, 0, 900, "touch"]]))


def _name(session: Session) -> None:
    session.execute(update(Addendum).values(written_name="Eve"))


def _second_name(session: Session) -> None:
    session.execute(update(CoSignature).values(signed_name="Ada"))


def _signed_name(session: Session) -> None:
    session.execute(update(SignedRecord).where(SignedRecord.infusion_id == 1).values(signed_name="Eve"))


def _second(session: Session) -> None:
    session.execute(update(CoSignature).values(signed_by_id=1))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_vitals, "visits[0].log.vitals[2].sbp is not as it was signed"),
        (_added, "log.events[0] is not as it was signed"),
        (_rating, "ratings[1].total is not as it was signed"),
        (_signer, "it names another signature than its row"),
        (_addendum, "addendum 1: it does not have its digest"),
        (_answers, "tasks[0].answers_digest is not as it was signed"),
        (_name, "addendum 1: it does not have its digest"),
        (_second_name, "the second signature: it does not have its digest"),
        (_signed_name, "it names another signature than its row"),
        (_lost, "course_log.addendum: what was signed is gone"),
        (_second, "the second signature: it does not have its digest"),
    ],
)
def test_a_change_past_the_triggers_is_named(
    signed: Signer, change: Callable[[Session], None], says: str
) -> None:
    with signed.database.write() as session:
        change(session)
    assert says in " ".join(found(signed))
