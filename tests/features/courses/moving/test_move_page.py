"""The move page: what it says before anything is saved, and what it does."""

import re
from datetime import date, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from scheduler.db import Database
from scheduler.features.courses.views import move
from scheduler.models import Course, Infusion, InfusionStatus, Message, Purpose
from tests.features.conftest import SignedIn
from tests.support.clinic import SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_course, add_six, add_visit, local

DAYS = [date(2026, 11, day) for day in (2, 4, 6, 9, 11, 13)]
MONDAY_WISHES = {
    "weekly": {str(day): [[0, 1440]] for day in range(7)},
    "away": [],
    "preferred": None,
    "avoid": [],
}


@pytest.fixture
def course(sqlite: Database, desk_clinic: SmallClinic) -> Course:
    """Six visits at 09:00 in chair 1, every second or third day; the first one is done."""
    with sqlite.write() as session:
        found, _ = add_six(session, desk_clinic, DAYS, completed=1)
        found.wishes = MONDAY_WISHES
        session.flush()
        return found


def _ids(database: Database) -> dict[int, int]:
    with database.read() as session:
        return {
            row.number: row.id for row in session.scalars(select(Infusion).where(Infusion.patient_id == 1))
        }


def _page(client: FlaskClient, infusion_id: int, day: str, time: str = "09:00", **more: str) -> str:
    answer = client.get(f"/infusions/{infusion_id}/move", query_string={"day": day, "time": time, **more})
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(answer.text).split())


def _form(client: FlaskClient, page: str, proposal: str = "r1", **more: str) -> dict[str, str]:
    """What the page's form sends."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    return {**fields, "proposal": proposal, "csrf_token": csrf_token(client), **more}


def _raw(database: Database) -> dict[int, tuple[object, ...]]:
    """Every byte of every visit."""
    with database.read() as session:
        return {row[0]: tuple(row) for row in session.execute(text("SELECT * FROM infusions ORDER BY id"))}


def _start(database: Database, infusion_id: int) -> datetime:
    with database.read() as session:
        return session.get_one(Infusion, infusion_id).starts_at


def test_a_visit_moved_too_near_to_the_next_offers_to_move_that_one_too(
    desk: FlaskClient, sqlite: Database, course: Course
) -> None:
    page = _page(desk, _ids(sqlite)[4], "2026-11-10")
    assert "Visit 5 would come 1 day after visit 4: too soon, at least 2 days." in page
    assert "Also move 5 and 6" in page
    assert "Moves 3 visits: 5 to Thu 12 Nov and 6 to Mon 16 Nov." in page
    assert "Move 3 visits, send 3 updates" in page
    assert "Sends Marta 3 updated invitations and no others." in page


def test_nothing_is_written_by_looking(desk: FlaskClient, sqlite: Database, course: Course) -> None:
    before = _raw(sqlite)
    _page(desk, _ids(sqlite)[4], "2026-11-10")
    assert _raw(sqlite) == before


def test_one_step_moves_the_visit_and_leaves_the_other_five_byte_for_byte(
    desk: FlaskClient, sqlite: Database, course: Course, desk_clinic: SmallClinic
) -> None:
    ids, before = _ids(sqlite), _raw(sqlite)
    page = _page(desk, ids[3], "2026-11-06", "13:00")
    answer = desk.post(f"/infusions/{ids[3]}/move", data=_form(desk, page))
    assert (answer.status_code, answer.location) == (303, f"/courses/{course.id}")
    assert re.search(r'action="/changes/\d+/undo"', desk.get(answer.location).text)
    after = _raw(sqlite)
    assert {number for number, id_ in ids.items() if before[id_] != after[id_]} == {3}
    assert _start(sqlite, ids[3]) == local(desk_clinic.site, DAYS[2], "13:00")


def test_a_repair_moves_what_it_says_and_tells_the_patient_of_each(
    desk: FlaskClient, sqlite: Database, course: Course
) -> None:
    ids, before = _ids(sqlite), _raw(sqlite)
    page = _page(desk, ids[4], "2026-11-10")
    said = re.search(r"Moves visits ([\d, and]+)\.", page)
    assert said is not None
    named = {int(number) for number in re.findall(r"\d+", said[1])}
    desk.post(f"/infusions/{ids[4]}/move", data=_form(desk, page))
    after = _raw(sqlite)
    assert {number for number, id_ in ids.items() if before[id_] != after[id_]} == named
    with sqlite.read() as session:
        told = session.scalars(
            select(Message.infusion_id).where(Message.purpose == Purpose.VISIT_MOVED)
        ).all()
    assert sorted(told) == sorted(ids[number] for number in named)


def test_the_second_of_two_people_who_move_one_visit_learns_who_was_first_and_keeps_the_wish(
    as_role: SignedIn, sqlite: Database, course: Course
) -> None:
    ids = _ids(sqlite)
    first, second = as_role("front_desk"), as_role("nurse")
    seen = _page(second, ids[3], "2026-11-06", "14:00")
    first.post(f"/infusions/{ids[3]}/move", data=_form(first, _page(first, ids[3], "2026-11-06", "13:00")))
    late = second.post(f"/infusions/{ids[3]}/move", data=_form(second, seen))
    assert late.status_code == 409
    words = " ".join(unescape(late.text).split())
    assert "It is now Fri 6 Nov 13:00" in words
    assert "you asked for Fri 6 Nov 14:00" in words
    assert 'name="time" value="14:00"' in words
    assert 'name="set-r1"' in words


def test_the_same_page_sent_twice_moves_once(desk: FlaskClient, sqlite: Database, course: Course) -> None:
    ids = _ids(sqlite)
    form = _form(desk, _page(desk, ids[3], "2026-11-06", "13:00"))
    desk.post(f"/infusions/{ids[3]}/move", data=form)
    once = _raw(sqlite)
    assert desk.post(f"/infusions/{ids[3]}/move", data=form).status_code == 303
    assert _raw(sqlite) == once


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("2026-11-07", "09:00", "The clinic is closed that day."),
        ("2026-11-26", "09:00", "The clinic is closed"),
        ("2026-11-02", "09:30", "That time has passed. Choose a later one."),
        ("2026-11-06", "17:30", "The visit would be outside opening hours."),
    ],
)
def test_a_move_to_a_time_when_no_visit_can_be_says_why_and_offers_no_button(
    desk: FlaskClient, sqlite: Database, course: Course, day: str, time: str, words: str
) -> None:
    page = _page(desk, _ids(sqlite)[3], day, time)
    assert words in page
    assert 'name="set-' not in page
    assert "Other times for visit 3" in page


def test_a_time_in_the_past_is_refused_where_it_was_written_into_the_form(
    desk: FlaskClient, sqlite: Database, course: Course
) -> None:
    ids = _ids(sqlite)
    answer = desk.get(f"/infusions/{ids[3]}/move?day=2026-10-01&time=9")
    assert answer.status_code == 422
    assert "That day has passed." in answer.text
    assert 'value="2026-10-01"' in answer.text


def test_without_a_wish_the_page_lists_days_with_room_those_that_move_the_fewest_others_first(
    desk: FlaskClient, sqlite: Database, course: Course
) -> None:
    here = f"/infusions/{_ids(sqlite)[3]}/move"
    rows = re.findall(
        r'scope="row"[^>]*>([^<]+)</th><td class="small">([^<]+)</td>.*?href="([^"]+)"',
        desk.get(here).text,
        re.DOTALL,
    )
    assert [words for _, words, _ in rows] == sorted((words for _, words, _ in rows), key=_ripple)
    assert "Breaks nothing. Moves 1 visit." in desk.get(unescape(rows[0][2])).text
    _, words, href = next(row for row in rows if row[1].startswith("Also moves"))
    said = re.search(r"Moves visits ([\d, and]+)\.", desk.get(unescape(href)).text)
    assert said is not None
    assert set(re.findall(r"\d+", said[1])) == {"3", *re.findall(r"\d+", words)}


def test_more_days_are_one_step_away(
    desk: FlaskClient, sqlite: Database, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(move, "FIRST_DAYS", 2)
    few = desk.get(f"/infusions/{_ids(sqlite)[6]}/move").text
    link = re.search(r'href="([^"]+)#days">Show (\d+) more day', few)
    assert link is not None
    day = '<th scope="row" class="nowrap">'
    assert desk.get(unescape(link[1])).text.count(day) == few.count(day) + int(link[2])


def _ripple(words: str) -> int:
    """How many others a day moves."""
    return len(re.findall(r"\d+", words))


def test_the_front_desk_reads_why_it_may_not_break_the_spacing(
    desk: FlaskClient, sqlite: Database, course: Course
) -> None:
    ids, before = _ids(sqlite), _raw(sqlite)
    page = _page(desk, ids[4], "2026-11-10")
    assert "It is not open to the front desk" in page
    assert 'id="proposal-alone"' not in page
    value = f"4.{ids[4]}.1.1@20261110T0900"
    form = _form(desk, page, "alone", **{"set-alone": value, "reason": "The patient asks for it"})
    assert desk.post(f"/infusions/{ids[4]}/move", data=form).status_code == 422
    assert _raw(sqlite) == before


def test_a_clinician_moves_one_visit_against_the_spacing_only_with_a_reason(
    as_role: SignedIn, sqlite: Database, course: Course
) -> None:
    clinician, ids = as_role("clinician"), _ids(sqlite)
    page = _page(clinician, ids[4], "2026-11-10")
    without = clinician.post(f"/infusions/{ids[4]}/move", data=_form(clinician, page, "alone", reason=" "))
    assert without.status_code == 422
    assert "Write why" in without.text
    page = " ".join(unescape(without.text).split())
    done = clinician.post(
        f"/infusions/{ids[4]}/move", data=_form(clinician, page, "alone", reason="A holiday")
    )
    assert done.status_code == 303
    with sqlite.read() as session:
        override, reason = session.execute(
            text("SELECT override, reason FROM course_changes WHERE override IS NOT NULL")
        ).one()
    assert (override, reason) == ("R10", "A holiday")


def test_a_completed_visit_is_not_moved(desk: FlaskClient, sqlite: Database, course: Course) -> None:
    answer = desk.get(f"/infusions/{_ids(sqlite)[1]}/move")
    assert answer.status_code == 409
    assert "Visit no. 1 is completed" in answer.text


def test_a_chair_that_was_pointed_at_and_is_taken_gives_way_to_a_free_one(
    desk: FlaskClient, sqlite: Database, course: Course, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        from tests.support.clinic import make_patient  # noqa: PLC0415 - beside its one use

        other = make_patient(session, desk_clinic.site, 7, given_name="Otto", family_name="Vogel")
        theirs = add_course(session, desk_clinic, other)
        start = local(desk_clinic.site, DAYS[2], "15:30")
        add_visit(session, theirs, desk_clinic.chairs[1], 1, start, InfusionStatus.SCHEDULED)
    chair = str(desk_clinic.chairs[1].id)
    page = _page(desk, _ids(sqlite)[3], "2026-11-06", "14:30", chair=chair)
    assert "can't be had then. Another chair is taken instead." in page or "The nurses are full" in page
