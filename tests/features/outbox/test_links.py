"""A link in a message opens one visit for one person, for a time, and then nothing."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.outbox.actions import Ready, claim_next, prepare
from scheduler.features.outbox.actions.enqueue import enqueue
from scheduler.features.outbox.links import AFTER, link_holder, make_link, revoke_links
from scheduler.features.patients.actions.archive import archive_patient
from scheduler.models import Channel, InfusionStatus, PatientLink, Purpose
from tests.support.changes import LATER, ROSA, booked, confirmation_left, visits
from tests.support.clinic import SmallClinic, make_patient
from tests.support.post import BASE

ADDRESS = re.compile(r"https://clinic\.example/v/([A-Za-z0-9_-]{43})")


def test_a_reminder_carries_one_link_in_both_bodies_and_the_rows_hold_its_hash_alone(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    with database.write() as session:
        row = visits(session, course)[2]
        enqueue(
            session, LATER, purpose=Purpose.REMINDER, patient_id=row.patient_id, language="es",
            dedupe_key="a-reminder", facts={}, infusion_id=row.id, schedule_version=1, channel=Channel.EMAIL,
        )  # fmt: skip
    with database.write() as session:
        claim = claim_next(session, LATER, "w")
        assert claim is not None
        ready = prepare(session, LATER, "w", claim, BASE)
        assert isinstance(ready, Ready)
        mail = message_from_bytes(ready.body, policy=policy.default)
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    tokens = {token for text in texts for token in ADDRESS.findall(text)}
    assert len(tokens) == 1
    assert "Confirme o pida otra hora: https://clinic.example/v/" in texts[0]
    [token] = tokens
    with database.read() as session:
        row = visits(session, course)[2]
        holder = link_holder(session, token, LATER)
        assert holder is not None
        assert (holder.infusion_id, holder.expires_at) == (row.id, row.ends_at + timedelta(days=1))
        assert token not in session.scalars(select(PatientLink.token_hash)).all()


def test_a_link_opens_nothing_once_it_is_over_ended_or_its_visit_is_somebody_elses(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        row = visits(session, course)[0]
        end = row.ends_at + AFTER
        raw = make_link(session, LATER, row.patient_id, row.id, end)
        stranger = make_patient(session, clinic.site, 2)
        other = make_link(session, LATER, stranger.id, row.id, end)
        assert link_holder(session, raw, end - timedelta(seconds=1)) is not None
        assert link_holder(session, raw, end) is None
        assert link_holder(session, other, LATER) is None
        assert link_holder(session, "never-was", LATER) is None
        assert link_holder(session, "\udcff\x00", LATER) is None
        assert revoke_links(session, LATER, row.patient_id) == 1
        assert link_holder(session, raw, LATER) is None


def test_archiving_ends_the_links_for_good(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        rows = visits(session, course)
        raw = make_link(session, LATER, rows[0].patient_id, rows[0].id, rows[0].ends_at + AFTER)
        for row in rows:
            row.status = InfusionStatus.COMPLETED
        session.flush()
        rows[0].course.status = "completed"
        session.flush()
        archived = archive_patient(session, ROSA, LATER, rows[0].patient_id)
        assert link_holder(session, raw, LATER) is None
        archived.archived_at = None
        session.flush()
        assert link_holder(session, raw, LATER) is None
