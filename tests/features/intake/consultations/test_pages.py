"""The desk books with one click; whoever asked answers on a page of their own, and their time stands."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.intake.consultations.actions.book import book
from scheduler.features.intake.consultations.actions.change import move
from scheduler.features.intake.consultations.order import Place
from scheduler.features.outbox.consultation_links import consultation_address
from scheduler.features.settings.site_form import read_video
from scheduler.models import Consultation, ConsultationRequest, RequestStatus, Site
from tests.features.conftest import morning_clinic
from tests.support.booked import wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.requests import ROSA, make_request
from tests.support.sign_in import cheap_app, csrf_token, sign_in

AT, LATER = "2026-11-10 09:30", "2026-11-12 14:00"


@dataclass
class Telephone:
    """The phone of whoever asked, with the link to their consultation."""

    client: FlaskClient
    database: Database
    clinic: SmallClinic
    row: Consultation
    path: str
    now: list[datetime] = field(default_factory=lambda: [NOW])

    def send(self, what: str, **form: str) -> int:
        """Send one of the page's forms; the status of the answer."""
        data = {"version": "1", "csrf_token": csrf_token(self.client), **form}
        return self.client.post(f"{self.path}/{what}", data=data).status_code

    def request(self) -> ConsultationRequest:
        """The request as it is now."""
        with self.database.read() as session:
            return session.get_one(ConsultationRequest, self.row.request_id)


@pytest.fixture
def telephone(config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Telephone:
    """Somebody with a consultation by video on Tuesday of next week."""
    clinic = morning_clinic(sqlite, monkeypatch)
    with sqlite.write() as session:
        session.get_one(Site, clinic.site.id).video_url = "https://meet.example.org/room"
        request = make_request(session, clinic, half_days=["3p"])
        place = Place(clinic.users["clinician"].id, wall(clinic, AT), "video")
        row = book(session, ROSA, NOW, request.id, place, "one")
        path = consultation_address(session, NOW, row.id, "")
    found = Telephone(cheap_app(config, sqlite).test_client(), sqlite, clinic, row, path)
    monkeypatch.setattr(clock, "now", lambda: found.now[0])
    return found


def test_the_page_says_when_and_how_and_takes_the_answer(telephone: Telephone) -> None:
    page = telephone.client.get(telephone.path).text
    assert "09:30 to 09:45 (EST)" in page and "https://meet.example.org/room" in page
    assert "Okafor" not in page
    assert telephone.send("confirm") == 303
    assert "We expect you on" in telephone.client.get(telephone.path).text


def test_another_time_that_is_asked_for_waits_at_the_desk_and_the_first_one_stands(
    telephone: Telephone,
) -> None:
    wish = "2026-11-05T12:00"
    assert wish in telephone.client.get(telephone.path).text
    assert telephone.send("ask", time=wish) == 303
    request = telephone.request()
    assert (request.status, request.next_step) == (
        RequestStatus.BOOKED,
        "Find another time: they would like Thu 5 Nov 12:00",
    )
    assert str(request.next_due) == "2026-11-02"
    assert telephone.send("ask", time="2026-11-05T03:00") == 409


def test_an_answer_to_a_time_that_has_changed_is_not_taken(telephone: Telephone) -> None:
    with telephone.database.write() as session:
        place = Place(telephone.row.clinician_id, wall(telephone.clinic, LATER), "video")
        move(session, ROSA, NOW, telephone.row.id, place, telephone.row.version)
    assert telephone.send("confirm") == 409
    assert "14:00 to 14:15" in telephone.client.get(telephone.path).text


def test_a_link_opens_until_a_day_after_and_nothing_for_somebody_who_was_erased(telephone: Telephone) -> None:
    telephone.now[0] = telephone.row.ends_at + timedelta(hours=23)
    page = telephone.client.get(telephone.path)
    assert page.status_code == 200 and "meet.example.org" not in page.text
    telephone.now[0] = telephone.row.ends_at + timedelta(hours=25)
    assert telephone.client.get(telephone.path).status_code == 404
    telephone.now[0] = NOW
    with telephone.database.write() as session:
        request = session.get_one(ConsultationRequest, telephone.row.request_id)
        request.erased_at, request.email, request.phone = NOW, None, None
    assert telephone.client.get(telephone.path).status_code == 404


def test_one_click_books_and_a_time_that_has_gone_brings_what_is_free_now(telephone: Telephone) -> None:
    with telephone.database.write() as session:
        other = make_request(session, telephone.clinic, 2).id
    desk = telephone.client
    sign_in(desk, telephone.database, telephone.clinic.users["front_desk"])
    path = f"/requests/{other}/consultation"
    page = desk.get(path).text
    gone = f"{telephone.row.clinician_id}@{telephone.row.starts_at.isoformat()}"
    free = page.partition('name="slot" value="')[2].partition('"')[0]
    data = {"csrf_token": csrf_token(desk), "way": "phone", "key": "a"}
    refused = desk.post(path, data={**data, "slot": gone})
    assert refused.status_code == 409 and "taken a moment ago" in refused.text and free in refused.text
    assert desk.post(path, data={**data, "slot": free}).status_code == 303
    assert "Move the consultation" in desk.get(path).text


@pytest.mark.parametrize(
    "typed", ["http://meet.example.org", "https://[", "https://ketamine.example.org/room"]
)
def test_a_video_link_is_an_https_address_that_tells_nothing(typed: str) -> None:
    assert read_video(" https://meet.example.org/room ", {}) == "https://meet.example.org/room"
    with pytest.raises(RuleError):
        read_video(typed, {})


def test_today_and_the_board_list_the_days_consultations_with_what_one_press_records(
    telephone: Telephone,
) -> None:
    desk, database = telephone.client, telephone.database
    sign_in(desk, database, telephone.clinic.users["front_desk"])
    with database.write() as session:
        other = make_request(session, telephone.clinic, 2)
        place = Place(telephone.row.clinician_id, wall(telephone.clinic, "2026-11-02 10:05"), "phone")
        row = book(session, ROSA, NOW, other.id, place, "two")
    telephone.now[0] = row.starts_at
    talks = desk.get("/today").text.partition('id="talks-h"')[2]
    assert "Ines Okafor2" in talks and "by phone" in talks and "Did not come" in talks
    data = {"csrf_token": csrf_token(desk), "seen": str(row.version), "step": "seen", "next": "/today"}
    answer = desk.post(f"/consultations/{row.id}/steps", data=data)
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "Held" in desk.get("/board").text.partition('id="talks-h"')[2]
    with database.write() as session:
        session.get_one(ConsultationRequest, row.request_id).given_name = "Inés"
    assert "Inés Okafor2" in desk.get("/today").text
