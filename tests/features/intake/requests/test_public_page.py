"""Asking for a consultation on a site's page, without an account."""

from typing import Any

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.errors import BusyError
from scheduler.models import Message, Purpose, RequestEvent, RequestPage, RequestStatus
from tests.features.intake.requests.conftest import ANA, Stranger, ticket_in


def test_who_asks_at_night_is_in_the_queue_with_an_acknowledgement(stranger: Stranger) -> None:
    answer = stranger.send()
    assert answer.status_code == 303
    thanks = stranger.client.get(answer.location)
    assert "Your request has arrived" in thanks.text and "Ruiz" not in thanks.text
    (request,) = stranger.rows()
    assert (request.name, request.email, request.phone) == (
        "Ana Ruiz",
        "ana.ruiz@example.org",
        "+12125550188",
    )
    assert (request.source, request.status, request.way) == ("page", RequestStatus.NEW, "phone")
    assert request.half_days == ["1a", "3p"] and request.next_step and request.next_due
    assert request.consent_words == "You may contact me about this request."
    with stranger.database.read() as session:
        assert session.scalars(select(RequestEvent.step)).all() == ["new"]
        (message,) = session.scalars(select(Message)).all()
    assert message.purpose is Purpose.REQUEST_RECEIVED and message.request_id == request.id


def test_a_double_submit_and_the_back_button_give_the_same_acknowledgement(stranger: Stranger) -> None:
    ticket = stranger.ticket()
    first, again = stranger.send(ticket), stranger.send(ticket)
    stranger.wait(days=2)
    after_days = stranger.send(ticket, given_name="Anna")
    assert first.location == again.location == after_days.location
    assert len(stranger.rows()) == 1


def test_the_page_sets_no_cookie_and_asks_nothing_of_a_third_party(stranger: Stranger) -> None:
    page = stranger.client.get("/ask/rv")
    answers = [page, stranger.send()]
    assert not any(answer.headers.getlist("Set-Cookie") for answer in answers)
    assert "https://" not in page.text and "<textarea" not in page.text


def test_the_crisis_notice_names_the_numbers_of_the_country(stranger: Stranger) -> None:
    assert 'href="tel:988"' in stranger.client.get("/ask/RV").text
    with stranger.database.write() as session:
        session.merge(stranger.clinic.site).country = "ES"
    page = stranger.client.get("/ask/RV?lang=es").text
    assert 'href="tel:024"' in page and 'href="tel:112"' in page and "988" not in page


def test_the_page_speaks_the_language_of_the_address_else_of_the_browser(stranger: Stranger) -> None:
    spanish = {"Accept-Language": "fr, es-MX;q=0.8, en;q=0.5"}
    assert 'lang="es"' in stranger.client.get("/ask/RV", headers=spanish).text
    assert '<html lang="en"' in stranger.client.get("/ask/RV?lang=en", headers=spanish).text
    assert '<html lang="en"' in stranger.client.get("/ask/RV?lang=xx").text
    stranger.send(lang="es")
    (request,) = stranger.rows()
    assert request.language == "es" and request.consent_words.startswith("Pueden")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_name": "🌸🌸", "family_name": ""}, "given_name"),
        ({"given_name": " ", "family_name": ""}, "given_name"),
        ({"email": "ana.ruiz@example"}, "email"),
        ({"email": "a@example.org, b@example.org"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "", "way": "phone"}, "phone"),
        ({"phone": "", "email": "", "way": "in_person"}, "email"),
        ({"way": "video"}, "way"),
        ({"way": "letter"}, "way"),
        ({"agreed": ""}, "agreed"),
        ({"who": "minor", "guardian_name": ""}, "guardian_name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    stranger: Stranger, changes: dict[str, Any], field: str
) -> None:
    answer = stranger.send(**changes)
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text
    for name in ("given_name", "email", "phone"):
        assert {**ANA, **changes}[name] in answer.text
    assert 'value="3p" checked' in answer.text
    assert stranger.rows() == []


def test_emoji_in_a_name_are_kept_and_one_name_is_enough(stranger: Stranger) -> None:
    stranger.send(given_name="Ana 🌸", family_name="")
    assert stranger.rows()[0].name == "Ana 🌸"


def test_for_a_minor_the_guardian_is_named(stranger: Stranger) -> None:
    stranger.send(who="minor", guardian_name="Rosa Ruiz")
    (request,) = stranger.rows()
    assert request.is_minor and request.guardian_name == "Rosa Ruiz"


def test_a_strangers_address_is_written_to_once_a_day(stranger: Stranger) -> None:
    for _ in range(3):
        stranger.send()
    stranger.send(given_name="Luz", email="", phone="212 555 0199", address="203.0.113.8")
    with stranger.database.read() as session:
        told = session.scalars(select(Message.request_id).order_by(Message.id)).all()
    assert len(stranger.rows()) == 4 and told == [1, 4]


def test_a_page_that_is_off_takes_nothing_and_names_the_phone(stranger: Stranger) -> None:
    ticket = stranger.ticket()
    with stranger.database.write() as session:
        session.add(RequestPage(site_id=stranger.clinic.site.id, is_on=False))
    page = stranger.client.get("/ask/RV").text
    assert "takes no requests" in page and "tel:+12125550100" in page and "<form" not in page
    assert stranger.send(ticket).status_code == 409
    assert stranger.rows() == []


def test_a_busy_database_loses_nothing_typed(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise BusyError("The database is busy.")

    ticket = stranger.ticket()
    monkeypatch.setattr(Database, "attempt", busy)
    answer = stranger.send(ticket)
    assert answer.status_code == 503 and "ana.ruiz@example.org" in answer.text
    assert ticket_in(answer) == ticket


def test_an_address_of_no_site_says_so_in_all_languages(stranger: Stranger) -> None:
    page = stranger.client.get("/ask/ZZ")
    assert page.status_code == 404
    assert "There is no such page" in page.text and "Esta página no existe" in page.text


def test_the_acknowledgement_is_for_what_arrived(stranger: Stranger) -> None:
    for ticket in (ticket_in(stranger.client.get("/ask/RV")), "0.1.2.3"):
        assert stranger.client.get(f"/ask/RV/received/{ticket}").location.startswith("/ask/RV?")


def test_video_is_offered_where_the_site_has_a_room_for_it(stranger: Stranger) -> None:
    assert "By video" not in stranger.client.get("/ask/RV").text
    with stranger.database.write() as session:
        session.merge(stranger.clinic.site).video_url = "https://video.example.org/riverside"
    assert "By video" in stranger.client.get("/ask/RV").text
    assert stranger.send(way="video").status_code == 303
