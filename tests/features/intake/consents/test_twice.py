"""However often a page is sent, at once or one after the other, a text is signed once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, select, update

from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.models import AuditEvent, ConsentSignature
from tests.support.clinic import SmallClinic, make_patient
from tests.support.consents import add_text, signed


def test_a_signature_follows_its_patient_into_another_record_and_changes_in_nothing_else(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        paper = signed(session, clinic.patient.id, add_text(session))
        other = make_patient(session, clinic.site, 70)
        paper.patient_id = other.id
    for change in ({"digest": "0"}, {"signed_name": "Otto"}, {"record": "{}"}):
        with pytest.raises(ConflictError), database.write() as session:
            session.execute(update(ConsentSignature).values(**change))
    with pytest.raises(ConflictError), database.write() as session:
        session.execute(delete(ConsentSignature))


def test_a_page_that_is_sent_several_times_at_once_signs_once(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        text = add_text(session)
    with ThreadPoolExecutor(4) as pool:
        ids = list(
            pool.map(lambda _: database.attempt(lambda s: signed(s, clinic.patient.id, text).id), range(4))
        )
    assert len(set(ids)) == 1
    with database.read() as session:
        signings = select(func.count(AuditEvent.id)).where(AuditEvent.action == "consent.signed")
        assert session.scalar(select(func.count(ConsentSignature.id))) == 1
        assert session.scalar(signings) == 1
