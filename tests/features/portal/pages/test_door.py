"""The door of a patient's own pages: a link that lies in a mailbox, and a birth date that does not."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Response
from sqlalchemy import select, update

from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts import link_throttle
from scheduler.features.outbox.links import revoke_links
from scheduler.features.portal.pages.browser import keep
from scheduler.models import AuditEvent, Patient, PatientLink
from scheduler.tokens import token_hash
from tests.features.portal.pages.conftest import BORN, Door, Knock
from tests.support.changes import LATER
from tests.support.clinic import make_patient
from tests.support.sign_in import cheap_app

WRONG = date(1986, 3, 15)


def test_a_forwarded_link_opens_nothing_and_tells_nothing_without_the_birth_date(door: Door) -> None:
    page = door.look()
    assert page.status_code == 200 and "Riverside" in page.text
    refused = door.enter(WRONG)
    assert refused.status_code == 403 and "That date does not open this page" in refused.text
    for text in (page.text, refused.text):
        assert "Marta" not in text and "Lindqvist" not in text and "December" not in text
    assert door.get("/my").status_code == 401
    assert door.devices() == []


def test_the_birth_date_opens_the_pages_and_the_server_keeps_only_a_hash_of_the_cookie(door: Door) -> None:
    answer = door.enter()
    assert (answer.status_code, answer.location) == (303, "/my")
    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("sixfold-pages=")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    secret = cookie.split(";")[0].partition("=")[2]
    assert [one.token_hash for one in door.devices()] == [token_hash(secret)]
    page = door.get("/my")
    assert "This page is for Marta." in page.text
    assert page.text.count("09:30 to 11:30") == 6
    assert door.look().location == "/my"  # The link again, in the browser that is open.


def test_on_https_no_other_host_can_set_the_cookie_and_none_sends_it_in_the_clear(
    config: Config, sqlite: Database
) -> None:
    app = cheap_app(replace(config, base_url="https://clinic.example"), sqlite)
    with app.test_request_context():
        cookie = keep(Response(), "secret", remember=False).headers["Set-Cookie"]
    assert cookie.startswith("__Host-sixfold-pages=secret;") and "Secure" in cookie
    assert "Domain" not in cookie and "Max-Age" not in cookie  # Not one's own device: gone with the window.


def test_after_five_dates_that_do_not_fit_the_link_rests_even_for_the_right_one(door: Door) -> None:
    assert [door.enter(WRONG).status_code for _ in range(5)] == [403] * 5
    rests = door.enter()
    assert rests.status_code == 429 and "none is taken before" in rests.text
    assert "none is taken before" in door.look().text
    door.later(minutes=61)
    assert door.enter().status_code == 303
    assert door.link().wrong_tries == 0


def test_a_link_with_which_fifteen_dates_did_not_fit_has_ended(door: Door) -> None:
    for _ in range(3):
        assert [door.enter(WRONG).status_code for _ in range(5)] == [403] * 5
        door.later(minutes=61)
    assert door.enter().status_code == 404
    with door.phone.database.read() as session:
        refused = session.scalars(select(AuditEvent).where(AuditEvent.action == "pages.refused")).all()
        assert len(refused) == 15 and {one.patient_id for one in refused} == {door.phone.clinic.patient.id}


def test_a_date_that_is_none_counts_for_nothing_and_stays_as_typed(door: Door) -> None:
    answer = door.enter(day="31", month="2")
    assert answer.status_code == 422 and 'value="31"' in answer.text
    assert door.link().wrong_tries == 0


def test_one_address_tries_many_links_only_so_often(knock: Knock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_throttle, "DEAD_LINKS", 3)
    first = knock()
    other = knock(first.phone)
    assert [one.enter(WRONG).status_code for one in (first, other, first)] == [403] * 3
    assert other.enter().status_code == 429


def test_links_that_open_nothing_are_told_apart_by_nobody(knock: Knock) -> None:
    over = knock()
    phone = over.phone
    ended, archived = knock(phone), knock(phone, _twin(over, "otto@example.org"))
    with phone.database.write() as session:
        for door, what in ((over, "expires_at"), (ended, "revoked_at")):
            link = PatientLink.token_hash == token_hash(door.path[3:])
            session.execute(update(PatientLink).where(link).values({what: LATER}))
        session.execute(update(Patient).where(Patient.email == "otto@example.org").values(archived_at=LATER))
    never = replace(over, path="/p/never")
    of_a_visit = replace(over, path=f"/p/{phone.path[3:]}")
    doors = (over, ended, archived, never, of_a_visit)
    assert {one.look().data for one in doors} == {never.look().data}
    assert {one.look().status_code for one in doors} == {404}
    assert {one.enter().status_code for one in doors} == {404}


def test_two_people_with_one_mail_address_never_see_each_others_pages(knock: Knock) -> None:
    marta = knock()
    other = _twin(marta, "marta1@example.org")
    otto = replace(knock(marta.phone, other), client=marta.client)
    assert marta.enter().status_code == 303
    asked = otto.look()  # The other one's link, in the very browser that is open.
    assert asked.status_code == 200 and "birth" in asked.text
    assert otto.enter(BORN).status_code == 403
    assert "This page is for Marta." in marta.get("/my").text
    assert otto.enter(date(1990, 1, 2)).status_code == 303
    page = otto.get("/my")
    assert "This page is for Otto." in page.text and "9:30" not in page.text
    visit = marta.phone.visit_id
    assert otto.get(f"/my/visits/{visit}").status_code == 404
    assert otto.post(f"/my/visits/{visit}/confirm", {"version": "1"}).status_code == 404
    assert [one.ended_at is None for one in marta.devices()] == [False, True]


def test_a_device_of_ones_own_stays_open_for_30_days_and_another_for_half_an_hour_unused(
    knock: Knock,
) -> None:
    own = knock()
    strange = knock(own.phone)
    assert own.enter().status_code == strange.enter(remember=False).status_code == 303
    own.later(minutes=25)
    assert strange.get("/my").status_code == 200
    own.later(minutes=29)
    assert strange.get("/my").status_code == 200  # It was used in between.
    own.later(minutes=31)
    assert (own.get("/my").status_code, strange.get("/my").status_code) == (200, 401)
    own.later(days=30)
    assert own.get("/my").status_code == 401


def test_a_record_that_was_put_away_is_open_on_no_device(door: Door) -> None:
    door.enter()
    with door.phone.database.write() as session:
        session.get_one(Patient, door.phone.clinic.patient.id).archived_at = LATER
    assert door.get("/my").status_code == 401


def test_the_link_of_a_former_mail_address_ends_with_it(door: Door) -> None:
    with door.phone.database.write() as session:
        revoke_links(session, LATER, door.phone.clinic.patient.id)
    assert door.look().status_code == 404


def _twin(door: Door, email: str) -> int:
    with door.phone.database.write() as session:
        site = session.merge(door.phone.clinic.site)
        return make_patient(session, site, 2, given_name="Otto", email=email, birth_date=date(1990, 1, 2)).id
