"""The patient's page of questions: one link, one sheet, once."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.outbox.links import revoke_links
from scheduler.models import Alert, InfusionStatus, Patient, Rating, RatingLink, Site, TimePoint
from scheduler.tokens import token_hash
from tests.features.conftest import morning_clinic
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.sign_in import cheap_app, csrf_token
from tests.support.visits import add_six

GAD = {f"gad7-{at}": "1" for at in range(7)}
PHQ = {f"phq9-{at}": "0" for at in range(9)}
RAW = "a-link-to-the-baseline"


@dataclass
class Phone:
    """A telephone with a link to the questions before the first infusion, which is in two days."""

    client: FlaskClient
    database: Database
    clinic: SmallClinic
    now: list[datetime] = field(default_factory=lambda: [NOW])

    def look(self) -> TestResponse:
        return self.client.get(f"/r/{RAW}")

    def send(self, **form: str) -> TestResponse:
        return self.client.post(f"/r/{RAW}", data={"csrf_token": csrf_token(self.client), **form})

    def ratings(self) -> list[Rating]:
        with self.database.read() as session:
            return list(session.scalars(select(Rating).order_by(Rating.id)))


@pytest.fixture
def phone(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Phone:
    clinic = morning_clinic(sqlite, monkeypatch)
    with sqlite.write() as session:
        course, visits = add_six(session, clinic, [TODAY.replace(day=day) for day in (4, 6, 9, 11, 13, 16)])
        row = RatingLink(
            token_hash=token_hash(RAW),
            course_id=course.id,
            time_point=TimePoint.BASELINE,
            created_at=NOW,
            expires_at=visits[0].ends_at + timedelta(days=1),
        )
        session.add(row)
    made = Phone(cheap_app(config, sqlite).test_client(), sqlite, clinic)
    monkeypatch.setattr(clock, "now", lambda: made.now[0])
    return made


def test_all_questions_stand_in_one_form_without_a_name_and_without_history(phone: Phone) -> None:
    page = phone.look()
    assert page.text.count('<section class="screen"') == 16
    assert "Marta" not in page.text
    assert "GAD" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def test_answers_are_recorded_with_language_source_and_true_time(phone: Phone) -> None:
    phone.now[0] = NOW + timedelta(hours=3)
    answer = phone.send(**GAD, **PHQ, age="3600")
    assert "Thank you. Your answers have arrived." in answer.text
    assert "You matter" not in answer.text
    gad, phq = phone.ratings()
    assert (gad.total, phq.total, gad.source, gad.entered_by_id) == (7, 0, "patient", None)
    assert (gad.rated_at, gad.entered_at) == (NOW + timedelta(hours=2), NOW + timedelta(hours=3))


def test_item_9_shows_the_crisis_notice_at_once_and_raises_an_alert(phone: Phone) -> None:
    answer = phone.send(**GAD, **{**PHQ, "phq9-8": "1"})
    assert "If you are thinking of harming yourself, call or text 988" in answer.text
    with phone.database.read() as session:
        assert [alert.kind for alert in session.scalars(select(Alert))] == ["item_9"]


def test_whom_to_call_are_the_numbers_of_the_sites_country(phone: Phone) -> None:
    with phone.database.write() as session:
        session.scalars(select(Site)).one().country = "ES"
        session.scalars(select(Patient)).one().language = "es"
    sheet, answer = phone.look().text, phone.send(**GAD, **{**PHQ, "phq9-8": "1"}).text
    for page in (sheet, answer):
        assert "Si piensa en hacerse daño, llame al 024, a cualquier hora." in page
        assert re.findall(r'href="tel:(\d+)"', page) == ["024", "112"]
    dead = phone.client.get("/r/no-such-link").text
    assert "Call 024 or 112." in dead and "Llame al 024 o al 112." in dead
    assert not re.search(r"\b(988|911)\b", sheet + answer + dead)


def test_what_was_left_out_is_asked_about_once_and_then_taken_as_incomplete(phone: Phone) -> None:
    gaps = {**GAD, **PHQ, "gad7-3": ""}
    asked = phone.send(**gaps)
    assert asked.status_code == 422
    assert "Some questions have no answer yet" in asked.text
    assert asked.text.count('value="1" checked') == 6
    assert phone.send(**gaps, without="1").status_code == 200
    assert [row.total for row in phone.ratings()] == [None, 0]


def test_nothing_at_all_and_numbers_that_are_no_answer_are_refused(phone: Phone) -> None:
    assert "Answer at least one question." in phone.send(without="1").text
    assert phone.send(**{**GAD, "gad7-0": "9"}).status_code == 422
    assert phone.ratings() == []


def test_the_same_answers_twice_get_the_same_thanks_and_others_are_told_that_the_first_stand(
    phone: Phone,
) -> None:
    first, again = phone.send(**GAD, **PHQ), phone.send(**GAD, **PHQ)
    assert (first.text, again.status_code) == (again.text, 200)
    other = phone.send(**{**GAD, "gad7-0": "3"}, **PHQ)
    assert other.status_code == 409
    assert "These questions were answered already" in other.text
    assert "These questions were answered already" in phone.look().text
    assert [row.total for row in phone.ratings()] == [7, 0]


def test_a_wrong_an_expired_and_a_revoked_link_are_one_and_the_same(phone: Phone) -> None:
    wrong = phone.client.get("/r/never-was")
    phone.now[0] = NOW + timedelta(days=9)
    expired = phone.look()
    phone.now[0] = NOW
    with phone.database.write() as session:
        assert revoke_links(session, NOW, phone.clinic.patient.id) == 1
    revoked = phone.look()
    assert {(page.status_code, page.text) for page in (wrong, expired, revoked)} == {(404, wrong.text)}


def test_questions_whose_time_is_over_are_closed_but_what_was_answered_in_time_still_arrives(
    phone: Phone,
) -> None:
    phone.now[0] = NOW + timedelta(days=2)  # The infusion began forty minutes ago.
    assert "These questions are not needed any more" in phone.look().text
    assert phone.send(**GAD, **PHQ).status_code == 422
    assert phone.ratings() == []
    assert phone.send(**GAD, **PHQ, age="7200").status_code == 200
    assert phone.ratings()[0].rated_at == NOW + timedelta(days=2, hours=-2)


def test_a_visit_that_is_cancelled_takes_its_questions_with_it(phone: Phone) -> None:
    with phone.database.write() as session:
        course = phone.clinic
        visits = add_six(session, course, [TODAY.replace(day=3)], chair=1)[1]
        visits[0].status = InfusionStatus.CANCELLED
        session.add(
            RatingLink(
                token_hash=token_hash("pre"), course_id=visits[0].course_id, infusion_id=visits[0].id,
                time_point=TimePoint.PRE, created_at=NOW, expires_at=NOW + timedelta(days=3),
            )
        )  # fmt: skip
    assert "These questions are not needed any more" in phone.client.get("/r/pre").text


def test_a_spanish_patient_is_asked_in_spanish(phone: Phone) -> None:
    with phone.database.write() as session:
        session.merge(phone.clinic.patient).language = "es"
    assert "Sentirse nervioso/a, intranquilo/a o con los nervios de punta" in phone.look().text
    phone.send(**GAD, **PHQ)
    assert phone.ratings()[0].language == "es"
