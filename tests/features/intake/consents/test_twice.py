"""However often a page is sent, at once or one after the other, a text is signed once."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from scheduler.db import Database
from scheduler.models import AuditEvent, ConsentSignature
from tests.support.clinic import SmallClinic
from tests.support.consents import add_text, signed


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
