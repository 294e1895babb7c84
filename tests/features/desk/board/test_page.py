"""The board as a page: day, week, filters, and what changes by itself."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.courses.actions.write_change import look, write_change
from scheduler.models import (
    AuditEvent,
    Chair,
    Closure,
    Consultation,
    Course,
    Infusion,
    InfusionStatus,
    Patient,
)
from tests.features.conftest import SignedIn
from tests.features.desk.test_board import counted
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient
from tests.support.consultations import add_consultation
from tests.support.requests import make_request
from tests.support.visits import add_course, add_six, add_visit, local


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases; what they read is tested on both."""
    return sqlite


@pytest.fixture
def visits(database: Database, clinic: SmallClinic) -> list[Infusion]:
    """Two visits today on two chairs: Marta Lindqvist's at 13:00 and Otto Haddad's at 09:30."""
    with database.write() as session:
        otto = make_patient(session, clinic.site, 9, given_name="Otto", family_name="Haddad")
        first = add_six(session, clinic, [TODAY, TODAY + timedelta(days=2)], "13:00")[1]
        second = add_six(session, clinic, [TODAY], "09:30", patient=otto, chair=1)[1]
    return [*first, *second]


def ask_again(client: FlaskClient, page: str) -> tuple[int, str]:
    """What the open page gets when it asks as it says itself."""
    found = re.search(r'hx-get="([^"]+)"', page[page.index('id="board-live"') :])
    assert found
    answer = client.get(found[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    return answer.status_code, answer.text


def change(database: Database, infusion_id: int, kind: str, **columns: object) -> None:
    """Change a visit the way every action does."""
    with database.write() as session:
        visit = session.get_one(Infusion, infusion_id)
        course = session.get_one(Course, visit.course_id)
        before = look(course, [visit])
        for name, value in columns.items():
            setattr(visit, name, value)
        actor = Actor(None, "Nora Weiss")
        write_change(session, actor, NOW, course, kind, before, [visit])


def test_an_open_board_is_told_nothing_while_nothing_has_changed(
    as_role: SignedIn, visits: list[Infusion]
) -> None:
    client = as_role("front_desk")
    page = client.get(f"/board?day={TODAY}").text
    assert ask_again(client, page) == (204, "")


def test_the_second_person_sees_what_the_first_one_did_and_who_it_was(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    client = as_role("nurse")
    page = client.get(f"/board?day={TODAY}").text
    change(database, visits[0].id, "arrived", status=InfusionStatus.ARRIVED, arrived_at=NOW)
    status, part = ask_again(client, page)
    assert status == 200
    assert "M. Lindqvist checked in by Nora Weiss." in part
    assert "Marta Lindqvist, 13:00 to 15:00, no. 1, arrived" in part
    assert ask_again(client, part) == (204, "")


def test_a_visit_that_left_the_day_is_said_too(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    client = as_role("nurse")
    page = client.get(f"/board?day={TODAY}").text
    day = TODAY + timedelta(days=1)
    start = local(clinic.site, day, "13:00")
    end = start + timedelta(hours=2)
    change(
        database, visits[0].id, "moved",
        starts_at=start, ends_at=end, chair_until=end, local_day=day, schedule_version=2,
    )  # fmt: skip
    status, part = ask_again(client, page)
    assert status == 200
    assert "M. Lindqvist moved by Nora Weiss." in part
    assert f'id="b{visits[0].id}"' not in part


def test_what_changes_in_a_course_of_another_day_leaves_this_board_alone(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    with database.write() as session:
        ruth = make_patient(session, clinic.site, 10, given_name="Ruth", family_name="Osei")
        other = add_six(session, clinic, [TODAY + timedelta(days=2)], "09:30", patient=ruth, chair=1)[1][0]
    client = as_role("nurse")
    page = client.get(f"/board?day={TODAY}").text
    change(database, other.id, "cancelled", status=InfusionStatus.CANCELLED)
    assert ask_again(client, page) == (204, "")


def test_the_dots_of_a_course_change_with_its_visits_on_other_days(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    client = as_role("nurse")
    page = client.get(f"/board?day={TODAY}").text
    change(database, visits[1].id, "cancelled", status=InfusionStatus.CANCELLED)
    assert ask_again(client, page)[0] == 200


def test_a_corrected_name_is_on_the_board_at_once(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    client = as_role("nurse")
    for view in ("day", "week"):
        before = client.get(f"/board?view={view}&day={TODAY}").text
        with database.write() as session:
            session.get_one(Patient, clinic.patient.id).family_name = f"Lindberg-{view}"
        assert f"Lindberg-{view}" not in before
        assert f"Lindberg-{view}" in client.get(f"/board?view={view}&day={TODAY}").text


def test_a_closure_is_on_an_open_board_at_once(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    client = as_role("nurse")
    for view, told in (("day", "Pump service day"), ("week", "Pump service week")):
        page = client.get(f"/board?view={view}&day={TODAY}").text
        with database.write() as session:
            start = local(clinic.site, TODAY, "16:00")
            end = start + timedelta(hours=1)
            session.add(Closure(site_id=clinic.site.id, starts_at=start, ends_at=end, reason=told))
        assert told not in page
        assert told in ask_again(client, page)[1]


def test_a_visit_that_leaves_while_another_comes_is_not_missed(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    client = as_role("nurse")
    page = client.get(f"/board?day={TODAY}").text
    with database.write() as session:
        for visit, day in ((visits[0], 2), (visits[1], 0)):
            start = local(clinic.site, TODAY + timedelta(days=day), "15:30")
            moved = session.get_one(Infusion, visit.id)
            moved.starts_at, moved.ends_at, moved.local_day = start, start + timedelta(hours=2), start.date()
            moved.chair_until = moved.ends_at
    assert ask_again(client, page)[0] == 200


def test_no_board_costs_more_queries_for_more_visits_or_chairs(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    client = as_role("front_desk")
    paths = ("/today", f"/board?day={TODAY}", f"/board?view=week&day={TODAY}")
    few = [_queries(database, client, path) for path in paths]
    with database.write() as session:
        for number in range(20, 32):
            chair = Chair(site_id=clinic.site.id, name=f"Chair {number}", position=number)
            session.add(chair)
            session.flush()
            patient = make_patient(session, clinic.site, number)
            course = add_course(session, clinic, patient)
            add_visit(session, course, chair, 1, local(clinic.site, TODAY, "13:00"))
    assert [_queries(database, client, path) for path in paths] == few
    assert max(few) <= 16


def _queries(database: Database, client: FlaskClient, path: str) -> int:
    """What a page costs once the week it shows is known to the process."""
    client.get(path)
    with database.write() as session:  # So that the picture itself has to be drawn anew.
        session.get_one(Patient, 1).phone = f"+1212555{len(path):04d}"
    with counted(database) as statements:
        assert client.get(path).status_code == 200
    return len(statements)


def test_a_week_has_a_row_for_each_chair_and_every_visit_in_its_place(
    as_role: SignedIn, visits: list[Infusion]
) -> None:
    page = as_role("front_desk").get(f"/board?view=week&day={TODAY}").text
    assert "3 visits in the week." in page
    assert page.count('<th scope="row">Chair') == 2
    assert 'block at-31 for-12"><a href="/infusions/1"' in page
    assert "Marta Lindqvist, Wed 13:00 to 15:00, no. 2, scheduled" in page
    assert page.count('class="is-closed"') == 6  # Election Day, Saturday and Sunday, on two chairs.


def test_a_day_beyond_the_nurses_limit_is_marked_in_the_week(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for number in range(2):
            patient = make_patient(session, clinic.site, number + 30)
            add_six(session, clinic, [TODAY], "09:30", patient=patient, chair=number)
    page = as_role("front_desk").get(f"/board?view=week&day={TODAY}").text
    assert "Over the nurses&#39; limit at 09:30" in page


def test_the_week_steps_by_weeks_and_the_day_by_days(as_role: SignedIn, visits: list[Infusion]) -> None:
    client = as_role("front_desk")
    assert "day=2026-11-09" in client.get("/board?view=week&day=2026-11-02").text
    assert "day=2026-11-03" in client.get("/board?view=day&day=2026-11-02").text


def test_a_search_draws_the_others_back_and_lists_only_those_found(
    as_role: SignedIn, visits: list[Infusion]
) -> None:
    for view in ("day", "week"):
        page = as_role("front_desk").get(f"/board?view={view}&day={TODAY}&q=otto+had").text
        assert page.count("block is-found") == 1
        assert page.count("block is-back") == (1 if view == "day" else 2)
    day = as_role("front_desk").get(f"/board?day={TODAY}&q=otto").text
    table = day[day.index("<table") :]
    assert "Otto Haddad" in table
    assert "Marta Lindqvist" not in table


def test_one_chair_or_one_state_can_be_asked_for(
    as_role: SignedIn, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    client = as_role("front_desk")
    page = client.get(f"/board?day={TODAY}&chair={clinic.chairs[1].id}").text
    assert page.count('class="lane-head"') == 2  # One chair, and the nurses.
    assert "No visit of this day is like that" in client.get(f"/board?day={TODAY}&state=completed").text


@pytest.mark.parametrize(
    "wrong", ["chair=999", "chair=kind:sofa", "state=gone", "view=year", "since=x&part=live"]
)
def test_a_filter_that_means_nothing_shows_everything(
    as_role: SignedIn, visits: list[Infusion], wrong: str
) -> None:
    answer = as_role("front_desk").get(f"/board?day={TODAY}&{wrong}")
    assert answer.status_code == 200
    assert 'id="b1"' in answer.text
    assert 'id="b3"' in answer.text


def test_a_visit_that_runs_over_says_until_when_and_who_is_next(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        course, (visit,) = add_six(session, clinic, [TODAY], "07:40")
        visit.status = InfusionStatus.IN_PROGRESS
        visit.started_at = local(clinic.site, TODAY, "08:20")
        add_visit(session, course, clinic.chairs[0], 2, local(clinic.site, TODAY, "10:00"))
    page = as_role("front_desk").get(f"/board?day={TODAY}").text
    assert "Chair 1: still in use until about 10:20" in page
    assert "Next M. Lindqvist at 10:00." in page
    assert "block is-late at-" in page


def test_a_week_on_paper_has_a_page_for_each_day_somebody_works_or_comes(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    with database.write() as session:  # On a Saturday, when nobody works: so that somebody sees it.
        add_six(session, clinic, [TODAY + timedelta(days=5)], "09:00")
    client = as_role("front_desk")
    assert "/board/print?" in client.get(f"/board?view=week&day={TODAY}").text
    page = client.get(f"/board/print?day={TODAY}").text
    days = re.findall(r"<h2[^>]*>(\w+ \d+ Nov 2026)</h2>", page)
    assert days == [
        "Mon 2 Nov 2026",
        "Wed 4 Nov 2026",
        "Thu 5 Nov 2026",
        "Fri 6 Nov 2026",
        "Sat 7 Nov 2026",
    ]  # Election Day is none.
    assert page.count("O. Haddad") == 1


def test_only_the_visits_of_one_protocol_can_stand_out(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    client = as_role("front_desk")
    for view, others in (("day", 2), ("week", 3)):
        mine = client.get(
            f"/board?view={view}&day={TODAY}&protocol={clinic.protocol_version.protocol_id}"
        ).text
        assert mine.count("block is-found") == others
        assert client.get(f"/board?view={view}&day={TODAY}&protocol=99").text.count("block is-") == 0


def test_a_visit_that_runs_over_is_marked_in_the_week_beside_the_moment(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        visit = add_six(session, clinic, [TODAY], "07:40")[1][0]
        visit.status = InfusionStatus.IN_PROGRESS
        visit.started_at = local(clinic.site, TODAY, "08:20")
    page = as_role("front_desk").get(f"/board?view=week&day={TODAY}").text
    assert "block is-late at-" in page
    assert "in the chair, over, to about 10:20" in page
    assert page.count('class="week-now') == 2  # One for each chair, on today alone.


def test_who_looked_at_a_week_is_written_down(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    as_role("nurse").get("/board?view=week&day=2026-11-05")
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "week.read")).one()
    assert event.detail == {"day": "2026-11-02", "visits": 3}


def test_the_week_shows_the_consultations_of_each_day_and_when_one_is_taken_up(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    with database.write() as session:
        for number, day in ((1, TODAY), (2, TODAY + timedelta(days=2)), (3, TODAY + timedelta(days=7))):
            add_consultation(
                session, clinic, make_request(session, clinic, number), local(clinic.site, day, "11:15")
            )
    client = as_role("front_desk")
    page = client.get(f"/board?view=week&day={TODAY}").text
    assert "3 visits and 2 consultations in the week." in page
    days = page[page.index('id="talks-h"') :]
    assert re.findall(r'id="t([\d-]+)"|href="(/requests/\d+)">([^<]+)<', days) == [
        ("2026-11-02", "", ""),
        ("", "/requests/1", "Ines Okafor1"),
        ("2026-11-04", "", ""),
        ("", "/requests/2", "Ines Okafor2"),
    ]
    assert days.count('value="arrived"') == 1, "only today's can be here"
    with database.write() as session:
        session.get_one(Consultation, 2).confirmation = "change_asked"
    assert "Asks for another time" in ask_again(client, page)[1]
