"""The page on which a course is built, as the front desk gets it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.features.courses.order import encode
from scheduler.models import (
    AuditEvent,
    AvailabilityWindow,
    Blackout,
    Chair,
    Closure,
    Duty,
    Patient,
    ProtocolVersion,
    Site,
)
from tests.features.conftest import SignedIn
from tests.features.courses.building.test_change import MONDAY
from tests.features.courses.pages import link_of, links, open_page
from tests.support.clinic import NOW, SmallClinic, add_duty, make_protocol, make_site
from tests.support.courses import set_on

WAY = re.compile(r'<a class="btn btn-s" href="(/courses/new\?[^"]*)">([^<]*)</a>')


def test_without_a_patient_the_page_asks_who_it_is_for(desk: FlaskClient) -> None:
    page = desk.get("/courses/new")
    assert page.status_code == 200
    assert "Who is it for?" in page.text
    assert 'action="/courses/new"' in page.text
    assert "/courses/new?patient=" not in page.text


@pytest.mark.parametrize("typed", ["lin", "LIN", "marta lin", "14.3.1986", "RV-00001", "0123"])
def test_three_letters_find_the_patient_with_and_without_a_script(desk: FlaskClient, typed: str) -> None:
    page = desk.get("/courses/new", query_string={"q": typed})
    part = desk.get("/courses/new", query_string={"q": typed}, headers={"HX-Request": "true"})
    for answer in (page, part):
        assert answer.status_code == 200
        assert 'href="/courses/new?patient=1"' in answer.text
        assert "Born 14 Mar 1986, RV-00001" in answer.text
    assert "<!doctype html>" in page.text
    assert part.text.lstrip().startswith('<div id="hits"')


def test_nobody_found_says_what_to_do_and_keeps_what_was_typed(desk: FlaskClient) -> None:
    page = desk.get("/courses/new", query_string={"q": '<b>"nobody'})
    assert "Look at the spelling" in page.text
    assert 'value="&lt;b&gt;&#34;nobody"' in page.text
    assert "<b>" not in page.text


def test_with_a_patient_three_ranked_sets_stand_there_at_once(desk: FlaskClient) -> None:
    page = desk.get("/courses/new?patient=1")
    assert page.status_code == 200
    assert "Three complete sets of dates, best first" in page.text
    assert page.text.count('name="proposal"') == 3
    assert "Version 1. Six visits of 2 hours, 2 or 3 days apart, all within 14 days." in page.text
    assert "All free at 10:00" in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_every_look_at_a_patients_dates_is_noted_with_the_page_or_without_it(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    open_page(desk, desk_clinic)
    for _ in range(3):
        open_page(desk, desk_clinic, "/courses/proposals")
    with sqlite.read() as session:
        read = session.scalars(select(AuditEvent).where(AuditEvent.action == "patient.read")).all()
    assert [(event.patient_id, event.actor) for event in read] == [(1, "Front Desk")] * 4


def test_the_live_half_is_the_same_as_the_pages(desk: FlaskClient, desk_clinic: SmallClinic) -> None:
    mornings = ["0a", "1p", "2a", "3a", "4a"]
    whole = open_page(desk, desk_clinic, can=mornings).text
    answer = open_page(desk, desk_clinic, "/courses/proposals", can=mornings)
    sets = re.findall(r'name="(set-\w+)" value="([^"]+)"', answer.text)
    assert len(sets) == 3
    assert sets == re.findall(r'name="(set-\w+)" value="([^"]+)"', whole)
    assert answer.text.lstrip().startswith('<div class="stack-l" id="sets">')
    address = answer.headers["HX-Replace-Url"]
    assert address.startswith("/courses/new?patient=1&")
    assert re.findall(r'name="(set-\w+)" value="([^"]+)"', desk.get(address).text) == sets


def test_tuesday_mornings_that_are_ticked_off_are_left_alone(
    desk: FlaskClient, desk_clinic: SmallClinic
) -> None:
    can = [f"{day}{half}" for day in range(5) for half in "ap" if f"{day}{half}" != "1a"]
    page = open_page(desk, desk_clinic, "/courses/proposals", can=can)
    starts = re.findall(r"@(\d{8})T(\d{4})", page.text)
    assert starts
    assert not [at for at in starts if date.fromisoformat(at[0]).weekday() == 1 and at[1] < "1200"]


@pytest.mark.parametrize("patient", ["2", "0", "999999999", "9999999999", "-1", "abc", "1.0", "٣"])
@pytest.mark.parametrize("path", ["/courses/new", "/courses/proposals"])
def test_an_unknown_patient_is_one_sentence(
    desk: FlaskClient, desk_clinic: SmallClinic, path: str, patient: str
) -> None:
    answer = open_page(desk, desk_clinic, path, patient=patient)
    assert answer.status_code == 404
    assert "There is no such patient." in answer.text


def test_an_archived_patient_is_not_booked_for(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        session.get_one(Patient, 1).archived_at = NOW
    page = open_page(desk, desk_clinic)
    assert page.status_code == 422
    assert "Marta Lindqvist is archived. Restore the patient first, then book." in page.text
    assert 'name="proposal"' not in page.text


@pytest.mark.parametrize(
    "command",
    [
        "DELETE FROM protocol_phases; DELETE FROM protocol_versions",
        "UPDATE sites SET archived_at = '2026-11-01'",
    ],
)
@pytest.mark.parametrize("path", ["/courses/new", "/courses/proposals"])
def test_before_the_clinic_is_set_up_the_page_says_who_does_it(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic, command: str, path: str
) -> None:
    with sqlite.write() as session:
        for each in command.split("; "):
            session.execute(text(each))
    page = open_page(desk, desk_clinic, path)
    assert page.status_code == 422
    assert "An administrator sets them up first." in page.text


def change_the_protocol(database: Database) -> int:
    """A second version of the protocol, with gaps of up to four days."""
    with database.write() as session:
        newer = make_protocol(session, "for its phases only")
        newer.protocol_id, newer.version, newer.gap_max = 1, 2, 4
        newer.span_max = 15
        session.flush()
        return newer.id


def test_a_protocol_changed_meanwhile_is_said_and_the_new_rules_stand_there(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        make_protocol(session, "Another, first in the list")
    newer = change_the_protocol(sqlite)
    page = open_page(desk, desk_clinic, pa="09:00")
    assert page.status_code == 422
    assert (
        "“Loading, 3 × week” was changed meanwhile. Its new rules stand here: find dates again." in page.text
    )
    assert f'<option value="{newer}" selected>' in page.text
    assert "Version 2. Six visits of 2 hours, 2 to 4 days apart, all within 15 days." in page.text
    assert 'name="pa" type="text" value="09:00"' in page.text
    assert open_page(desk, desk_clinic, protocol=str(newer)).status_code == 200


def test_a_protocol_that_is_gone_is_said(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        make_protocol(session, "Another")
        session.execute(text("UPDATE protocols SET archived_at = '2026-11-01' WHERE id = 1"))
    page = open_page(desk, desk_clinic)
    assert page.status_code == 422
    assert "This protocol is no longer in use." in page.text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"from": "2026-02-30"}, "There is no such date."),
        ({"until": "2026-11-01"}, "This day comes before the first one."),
        ({"can": []}, "Tick at least one half-day"),
        ({"pa": "half past nine"}, "Write a time of day such as 09:30."),
        ({"pb": "<script>"}, "Write a time of day such as 09:30."),
    ],
)
def test_what_was_typed_stays_where_it_was_typed(
    desk: FlaskClient, desk_clinic: SmallClinic, changes: dict[str, str], says: str
) -> None:
    page = open_page(desk, desk_clinic, **changes)
    part = open_page(desk, desk_clinic, "/courses/proposals", **changes)
    assert page.status_code == part.status_code == 422
    assert says in page.text
    assert says in part.text
    assert "HX-Replace-Url" not in part.headers
    for name, typed in changes.items():
        if typed:
            field = re.search(rf'<input id="{name}"[^>]*value="([^"]*)"', page.text)
            assert field is not None
            assert unescape(field[1]) == typed
    for target in re.findall(r'href="#([\w-]+)"', page.text):
        assert f'id="{target}"' in page.text


Arrange = Callable[[Session], object]


def open_elsewhere(session: Session) -> None:
    """A second clinic with everybody there, while the first one is closed."""
    other = make_site(session, "HB", "Harbor")
    session.add(Chair(site_id=other.id, name="Chair 1", position=1))
    here = session.get_one(Site, 1)
    for user in session.execute(text("SELECT user_id FROM duty_patterns GROUP BY user_id")).scalars().all():
        session.execute(
            text("UPDATE duty_patterns SET site_id = :site WHERE user_id = :user"),
            {"site": other.id, "user": user},
        )
    close(session, here.id)


def close(session: Session, site: int) -> None:
    session.add(Closure(site_id=site, starts_at=NOW, ends_at=NOW + timedelta(days=200), reason="Flood"))


def close_for_weeks(session: Session) -> None:
    start = NOW + timedelta(days=20)
    session.add(Closure(site_id=1, starts_at=start, ends_at=start + timedelta(days=62), reason="Flood"))


def stay_away(session: Session) -> None:
    session.add(Blackout(patient_id=1, first_day=date(2026, 11, 20), last_day=date(2027, 3, 1), note=""))


def come_at_noon(session: Session) -> None:
    """Half an hour too short for a visit, and yet both half-days are ticked."""
    for day in range(7):
        session.add(AvailabilityWindow(patient_id=1, weekday=day, from_minute=660, to_minute=780))
        session.add(AvailabilityWindow(patient_id=1, weekday=day, from_minute=785, to_minute=850))


@pytest.mark.parametrize(
    ("arrange", "changes", "way"),
    [
        (None, {"can": ["0a"]}, "If the patient can come at any time"),
        (come_at_noon, {}, "If the patient can come at any time"),
        (stay_away, {}, "If the patient is there on the days away"),
        (open_elsewhere, {}, "At another clinic too"),
        (None, {"from": "2026-11-26", "until": "2026-11-26"}, "If the first visit may be a week later"),
        (
            close_for_weeks,
            {"from": "2026-11-22", "until": "2027-01-20"},
            "If the first visit may be a week later",
        ),
    ],
)
def test_where_nothing_fits_each_way_out_leads_to_dates(
    desk: FlaskClient,
    sqlite: Database,
    desk_clinic: SmallClinic,
    arrange: Arrange | None,
    changes: dict[str, object],
    way: str,
) -> None:
    if arrange:
        with sqlite.write() as session:
            arrange(session)
    page = open_page(desk, desk_clinic, **changes)
    assert page.status_code == 200
    assert "No six dates fit" in page.text
    assert "finds no room" in page.text
    ways = {unescape(words): unescape(href) for href, words in WAY.findall(page.text)}
    assert way in ways
    for words, href in ways.items():
        answer = desk.get(href)
        assert answer.status_code == 200, words
        assert 'name="proposal"' in answer.text, words


def test_where_no_single_change_helps_the_page_says_what_to_try(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        close(session, 1)
    page = open_page(desk, desk_clinic)
    assert page.status_code == 200
    assert "No single change makes a set possible." in page.text
    assert WAY.findall(page.text) == []


def test_what_a_way_out_eased_can_be_taken_back(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        stay_away(session)
    page = open_page(desk, desk_clinic, there="1")
    assert "Marta comes on the days away after all" in page.text
    assert 'name="there" type="checkbox" value="1" checked' in page.text


def test_each_visit_opens_and_each_time_offered_leads_to_a_whole_set(
    desk: FlaskClient, desk_clinic: SmallClinic
) -> None:
    page = open_page(desk, desk_clinic)
    opened = desk.get(link_of(page, "Change visit 4"))
    assert opened.status_code == 200
    assert '<section class="change" id="change"' in opened.text
    times = {words: href for words, href in links(opened).items() if re.fullmatch(r"\d\d:\d\d", words)}
    assert len(times) > 3
    for words, href in list(times.items())[:3]:
        answer = desk.get(href)
        assert answer.status_code == 200
        assert "This set breaks" not in answer.text
        assert words in answer.text


def test_a_shift_that_breaks_a_rule_says_so_and_can_be_taken_back(
    desk: FlaskClient, desk_clinic: SmallClinic
) -> None:
    visits = encode(set_on(desk_clinic.chairs[0].id, MONDAY))
    wish = {"set": visits, "change": "2", "wish_day": "2026-12-03", "wish_time": "9.30"}
    page = open_page(desk, desk_clinic, **wish)
    assert page.status_code == 200
    assert "This set breaks a rule" in page.text
    assert "Visit 3 would come 1 day after visit 2, too soon: at least 2 days." in page.text
    assert "so it can't be booked" in page.text
    assert 'name="wish_day" type="date" form="wish" value="2026-12-03"' in page.text
    back = desk.get(link_of(page, "Take the change back"))
    assert "This set breaks" not in back.text
    assert f'name="set-own" value="{visits}"' in back.text


@pytest.mark.parametrize("brought", ["nonsense", "1@20280101T0930", "7@20261130T0930~7@20261202T0930"])
def test_a_set_of_another_search_leaves_the_page_whole(
    desk: FlaskClient, desk_clinic: SmallClinic, brought: str
) -> None:
    page = open_page(desk, desk_clinic, set=brought)
    assert page.status_code == 200
    assert "Your set is not shown" in page.text
    assert page.text.count('name="proposal"') == 3


@pytest.mark.parametrize(
    ("role", "status"), [("front_desk", 200), ("nurse", 200), ("clinician", 200), ("administrator", 403)]
)
def test_who_works_with_patients_builds_courses(
    as_role: SignedIn, desk_clinic: SmallClinic, role: str, status: int
) -> None:
    assert open_page(as_role(role), desk_clinic).status_code == status


def test_every_protocol_can_be_proposed(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        make_protocol(session, "Booster", infusions=1)
        add_duty(session, desk_clinic.users["clinician"], desk_clinic.site, Duty.NURSE)
        versions = session.scalars(select(ProtocolVersion.id)).all()
    for version in versions:
        page = open_page(desk, desk_clinic, protocol=str(version))
        assert page.status_code == 200
        assert 'name="proposal"' in page.text
