"""The pages that send dates say by which ways they go, by the same rule as the messages themselves."""

from html import unescape

import pytest
from flask.testing import FlaskClient

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.outbox.contact.actions import choose
from scheduler.models import Patient, Topic
from tests.features.courses.moving.replan.replanning import lossy
from tests.features.courses.pages import open_page
from tests.support.clinic import NOW, SmallClinic

MAIL, NO_MAIL = "marta@example.org", None
CASES = [
    (MAIL, {}, "one e-mail with", "1 updated invitation and", "1 invitation."),
    (MAIL, {Topic.INVITATIONS: False}, "one e-mail with", "1 e-mail and", "1 e-mail."),
    (
        MAIL,
        {Topic.SMS: True},
        "one e-mail with",
        "1 updated invitation and 1 text and",
        "1 invitation and 1 t",
    ),
    (NO_MAIL, {Topic.SMS: True}, "one text with", "1 text and", "1 text."),
    (MAIL, {Topic.SMS: True, Topic.EMAIL: False}, "one text with", "1 text and", "1 text."),
]


def pages(desk: FlaskClient, database: Database, clinic: SmallClinic) -> list[str]:
    """The page for a new course, for a move, and for new dates."""
    with database.write() as session:
        course = lossy(session, clinic, [6])
        third = next(row.id for row in course.infusions if row.number == 3)
    move = desk.get(f"/infusions/{third}/move", query_string={"day": "2026-11-06", "time": "10:00"})
    answers = [open_page(desk, clinic), move, desk.get(f"/courses/{course.id}/plan")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    return [" ".join(unescape(answer.text).split()) for answer in answers]


def allow(database: Database, clinic: SmallClinic, email: str | None, chosen: dict[Topic, bool]) -> None:
    with database.write() as session:
        session.get_one(Patient, clinic.patient.id).email = email
        for topic, allowed in chosen.items():
            choose(session, COMMAND, NOW, clinic.patient.id, topic, allowed, "desk", "asked")


@pytest.mark.parametrize(("email", "chosen", "books", "moves", "plans"), CASES)
def test_dates_go_by_every_way_that_the_patient_allows(
    desk: FlaskClient,
    sqlite: Database,
    desk_clinic: SmallClinic,
    email: str | None,
    chosen: dict[Topic, bool],
    books: str,
    moves: str,
    plans: str,
) -> None:
    allow(sqlite, desk_clinic, email, chosen)
    book, move, plan = pages(desk, sqlite, desk_clinic)
    assert f"Sends Marta {books}" in book
    assert f"Sends Marta {moves} no others" in move
    assert f"Sends Marta {plans}" in plan
    assert not any("eeds a call" in page for page in (book, move, plan))


def test_who_has_an_address_and_wants_no_mail_needs_a_call(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    allow(sqlite, desk_clinic, MAIL, {Topic.EMAIL: False})
    book, move, plan = pages(desk, sqlite, desk_clinic)
    why = "Needs a call.</strong> The patient asked for none. The patient has not agreed to texts."
    assert why in book
    assert why in plan
    assert all("Sends nothing: no message reaches Marta" in page for page in (book, move, plan))
    assert "send 1 update" not in move
