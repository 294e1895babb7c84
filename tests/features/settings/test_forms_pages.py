"""The settings' forms as an administrator uses them: what breaks is shown first, then saved and listed."""

import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.capacity.queries import sites
from scheduler.features.capacity.spans import spans_text
from scheduler.features.intake.steps import advance
from scheduler.features.settings.hours import open_week
from scheduler.features.tasks.queries import count_open
from scheduler.models import Closure, ConsultationRequest, DutyException, RequestStatus
from tests.support.booked import wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.consultations import add_consultation
from tests.support.requests import ROSA, make_request
from tests.support.sign_in import cheap_app, csrf_token, sign_in

WORKDAYS = [f"day{weekday}" for weekday in range(5)]


def read(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def send(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    answer = client.post(path, data={**form, "csrf_token": csrf_token(client)})
    return answer.status_code, answer.text


def agreed(html: str) -> str:
    found = re.search(r'name="agreed" value="(\w*)"', html)
    assert found
    return found[1]


def test_the_nurse_for_tuesday_is_ill(boss: FlaskClient, sqlite: Database, running: SmallClinic) -> None:
    shifts = boss.get("/settings/shifts?week=2026-11-09").text
    nurse = running.users["nurse"].id
    path = f"/settings/duty/{nurse}/nurse/days"
    assert f"{path}?day=2026-11-10" in shifts
    assert 'value="Ill"' in boss.get(f"{path}?day=2026-11-10").text

    status, page = send(boss, path, first="2026-11-10", reason="Ill")
    assert status == 409
    said = read(page)
    assert "1 visit no longer holds" in said and "Save and make 1 task" in said
    assert "Tue 10 Nov 09:00" in said and "No nurse is on duty at 09:00." in said
    assert running.patient.record_number in said and running.patient.name not in said
    with sqlite.read() as session:
        assert session.scalar(select(DutyException.id)) is None

    status, _ = send(boss, path, first="2026-11-10", reason="Ill", agreed=agreed(page))
    assert status == 303
    with sqlite.read() as session:
        assert session.scalar(select(DutyException.reason)) == "Ill" and count_open(session) == 1


def test_closing_a_day_shows_its_consultations_beside_its_visits(
    boss: FlaskClient, sqlite: Database, running: SmallClinic
) -> None:
    with sqlite.write() as session:
        for number, time in ((1, "2026-11-10 11:30"), (2, "2026-11-12 11:30")):
            asked = make_request(session, running, number)
            advance(session, ROSA, NOW, asked, RequestStatus.BOOKED)
            add_consultation(session, running, asked, wall(running, time))
    form = {"what": "s1", "first": "2026-11-10", "from": "", "last": "", "until": "", "reason": "Flood"}
    status, page = send(boss, "/settings/closures/new", **form)
    said = read(page)
    assert status == 409 and "1 visit and 1 consultation no longer hold" in said
    assert (
        "Tue 10 Nov 11:30 Request 1 In person, with Clinician Riverside The clinic is closed (Flood)." in said
    )
    assert "Okafor" not in said and "Request 2" not in said, "who only administers reads no names"
    assert "the visits under Tasks and the consultations under Requests" in said
    assert send(boss, "/settings/closures/new", **form, agreed=agreed(page))[0] == 303
    with sqlite.read() as session:
        steps = session.scalars(select(ConsultationRequest.next_step).order_by(ConsultationRequest.id)).all()
    assert steps == ["Move the consultation: its time no longer holds", "Hold the consultation"]


def test_a_manager_changes_opening_hours_as_people_write_them(boss: FlaskClient, sqlite: Database) -> None:
    form = {**dict.fromkeys(WORKDAYS, "10-12, 13 to 18"), "day5": "9-13", "version": "1"}
    form |= {"copy_from": "day0", "copy_to": "day5"}  # The page sends these with every save.
    status, page = send(boss, "/settings/sites/1/hours", **form)
    assert status == 409 and "6 visits no longer hold" in read(page)
    assert 'value="10-12, 13 to 18"' in page
    assert send(boss, "/settings/sites/1/hours", **form, agreed=agreed(page))[0] == 303
    with sqlite.read() as session:
        days = open_week(sites(session)[0]).days
        assert [spans_text(day.spans) for day in days] == ["10:00-12:00, 13:00-18:00"] * 5 + [
            "09:00-13:00",
            "",
        ]
        assert count_open(session) == 6


def test_longer_hours_break_nothing_and_are_saved_at_once(boss: FlaskClient, sqlite: Database) -> None:
    assert send(boss, "/settings/sites/1/hours", **dict.fromkeys(WORKDAYS, "7-20"), version="1")[0] == 303


def test_hours_that_cannot_be_read_are_named_and_nothing_typed_is_lost(boss: FlaskClient) -> None:
    status, page = send(boss, "/settings/sites/1/hours", day0="8-12", day1="mornings")
    assert status == 422
    assert "“mornings” is not from one time to another" in read(page)
    assert 'value="mornings"' in page and 'value="8-12"' in page


def test_hours_of_one_day_are_copied_to_others_before_anything_is_saved(
    boss: FlaskClient, sqlite: Database
) -> None:
    form = {"day0": "7-12", "day5": "9-13", "do": "copy", "copy_from": "day0"}
    data = {**form, "copy_to": ["day1", "day6"], "csrf_token": csrf_token(boss)}
    page = boss.post("/settings/sites/1/hours", data=data)
    assert page.status_code == 200
    assert re.findall(r'name="day\d" type="text" value="([^"]*)"', page.text) == [
        "7-12", "7-12", "", "", "", "9-13", "7-12",
    ]  # fmt: skip
    with sqlite.read() as session:
        assert spans_text(open_week(sites(session)[0]).days[0].spans) == "08:00-18:00"


def test_a_usual_week_is_shown_as_it_is_typed_and_changed_from_a_day_on(
    boss: FlaskClient, running: SmallClinic
) -> None:
    path = f"/settings/duty/{running.users['nurse'].id}/nurse/week/1"
    assert 'value="08:00-12:00, 12:30-18:00"' in boss.get(path).text
    assert send(boss, path, since="2027-01-04", day0="8-12, 13-18")[0] == 303
    status, page = send(boss, path, since="2026-11-01", day0="8-12")
    assert status == 422 and "What is over stays as it was" in page


def test_a_month_shows_who_is_away_and_leads_to_each_day(boss: FlaskClient, running: SmallClinic) -> None:
    nurse = running.users["nurse"].id
    send(boss, f"/settings/duty/{nurse}/nurse/days", first="2026-11-27", last="2026-11-30", reason="Leave")
    said = read(boss.get(f"/settings/duty/{nurse}/nurse?month=2026-11-01").text)
    assert "November 2026" in said
    assert "Fri 27 Nov away: Leave" in said and "Wed 25 Nov Riverside 08:00 to 12:00, 12:30 to 18:00" in said
    status, _ = send(boss, f"/settings/duty/{nurse}/nurse/days", first="2026-11-27", usual="1")
    assert status == 303
    assert "Fri 27 Nov Riverside" in read(boss.get(f"/settings/duty/{nurse}/nurse").text)


def test_a_closure_is_entered_listed_and_taken_back(boss: FlaskClient, sqlite: Database) -> None:
    form = {"what": "c2", "first": "2026-11-04", "from": "8", "until": "12:30", "reason": "Pump service"}
    assert send(boss, "/settings/closures/new", **form)[0] == 303
    assert "Chair 2 Wed 4 Nov 08:00 Wed 4 Nov 12:30 Pump service" in read(boss.get("/settings/closures").text)
    assert send(boss, "/settings/closures/1/remove")[0] == 303
    assert send(boss, "/settings/closures/1/remove")[0] == 404
    with sqlite.read() as session:
        assert session.scalar(select(Closure.id)) is None


def test_a_closure_without_a_chair_or_reason_says_what_is_missing(boss: FlaskClient) -> None:
    status, page = send(boss, "/settings/closures/new", what="c9", first="soon")
    assert status == 422
    said = read(page)
    assert "Choose what is closed." in said and "Choose a day" in said and "The reason is missing" in said


def test_only_administrators_find_the_buttons(config: Config, sqlite: Database, running: SmallClinic) -> None:
    client = cheap_app(config, sqlite).test_client()
    sign_in(client, sqlite, running.users["nurse"])
    for section in ("sites", "closures", "shifts"):
        page = client.get(f"/settings/{section}").text
        assert "/settings/duty/" not in page and "/hours" not in page and "/closures/new" not in page
