"""Today and the day by chair, as pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.models import AuditEvent, PreparationItem, PreparationTick, TimePoint
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic, make_site
from tests.support.visits import add_rating, add_six


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases; what they read is tested on both."""
    return sqlite


def reads(database: Database) -> list[tuple[str, int | None, dict[str, object]]]:
    with database.read() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.entity == "day").order_by(AuditEvent.id))
        return [(event.action, event.entity_id, event.detail) for event in events]


def test_today_names_the_day_the_site_and_who_comes(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        _, visits = add_six(session, clinic, [TODAY], "13:00")
    page = as_role("front_desk").get("/today").text
    assert "Monday 2 November" in page
    assert "Riverside. 1 visit: 1 to come." in page
    assert f'href="/infusions/{visits[0].id}"' in page
    assert 'class="block at-31 for-12"' in page


def test_a_rating_and_a_tick_are_on_today_at_once_whatever_is_kept(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        visit = add_six(session, clinic, [TODAY], "13:00")[1][0]
        item = PreparationItem(label="Escort", words={"en": "An adult takes me home."})
        session.add(item)
    client = as_role("nurse")
    before = client.get("/today").text
    with database.write() as session:
        add_rating(session, visit, TimePoint.PRE, 5)
        session.add(PreparationTick(infusion_id=visit.id, item_id=item.id, at=NOW, source="desk"))
    after = client.get("/today").text
    for told in ("Rating given", "Escort: ticked"):
        assert told not in before
        assert told in after


def test_an_empty_day_says_what_comes_next_and_what_to_do(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        add_six(session, clinic, [TODAY + timedelta(days=2)], "09:30")
    page = as_role("front_desk").get("/today").text
    assert "No visits today" in page
    assert "The next visit is on Wed 4 Nov at 09:30." in page
    assert "Book a course" in page


def test_the_live_part_comes_alone_and_is_not_a_page_view(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    client = as_role("front_desk")
    client.get("/today")
    part = client.get(
        f"/today?site={clinic.site.id}&part=live", headers={"HX-Request": "true", "X-Sixfold-Polling": "1"}
    ).text
    assert "<html" not in part
    assert 'id="day-lead" hx-swap-oob="true"' in part
    assert reads(database) == [("day.read", clinic.site.id, {"day": "2026-11-02", "visits": 0})]


def test_the_page_asks_for_its_live_part_without_extending_the_log_in(as_role: SignedIn) -> None:
    page = as_role("front_desk").get("/today").text
    assert 'hx-trigger="every 30s"' in page
    assert "X-Sixfold-Polling" in page


def test_the_chosen_site_is_remembered(as_role: SignedIn, database: Database) -> None:
    with database.write() as session:
        other = make_site(session, "NS", "Northside")
    client = as_role("front_desk")
    assert "Riverside. No visits." in client.get("/today").text
    assert "Northside. No visits." in client.get(f"/today?site={other.id}").text
    assert "Northside. No visits." in client.get("/today").text
    assert "Northside, today. No visits." in client.get("/board").text


def test_a_site_that_does_not_exist_is_said(as_role: SignedIn) -> None:
    answer = as_role("front_desk").get("/today?site=999")
    assert answer.status_code == 404
    assert "There is no such site." in answer.text


def test_another_day_has_the_way_back_and_forth(as_role: SignedIn, clinic: SmallClinic) -> None:
    page = as_role("nurse").get(f"/board?site={clinic.site.id}&day=2026-11-05").text
    assert "Thursday 5 November" in page
    assert f'href="/board?site={clinic.site.id}&amp;view=day&amp;day=2026-11-04" data-key="k"' in page
    assert f'href="/board?site={clinic.site.id}&amp;view=day&amp;day=2026-11-06" data-key="j"' in page
    day = f"/board?site={clinic.site.id}&amp;view=day&amp;day=2026-11-02"
    assert f'<a class="btn" href="{day}" data-key="t">Today' in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-02-30", "“2026-02-30” is no day of the calendar."),
        ("tomorrow", "“tomorrow” is no day of the calendar."),
        ("9999-12-31", "Choose a day between the years 2000 and 2100."),
        ("0001-01-01", "Choose a day between the years 2000 and 2100."),
        ("<script>", "“&lt;script&gt;” is no day of the calendar."),
    ],
)
def test_an_impossible_day_gets_one_sentence_and_today(as_role: SignedIn, typed: str, sentence: str) -> None:
    answer = as_role("front_desk").get("/board", query_string={"day": typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Monday 2 November" in answer.text


@pytest.mark.parametrize(
    ("day", "gone", "there"), [("2000-01-01", "prev", "next"), ("2100-12-31", "next", "prev")]
)
def test_the_calendar_ends_without_a_way_out_of_it(
    as_role: SignedIn, day: str, gone: str, there: str
) -> None:
    page = as_role("front_desk").get(f"/board?day={day}").text
    assert f'rel="{gone}"' not in page
    assert f'rel="{there}"' in page


def test_a_holiday_is_a_banner_and_hatches_every_chair(as_role: SignedIn) -> None:
    page = as_role("front_desk").get("/board?day=2026-11-26").text
    assert "Thanksgiving Day: Riverside is closed" in page
    assert page.count("is-shut at-1 for-60") == 2


def test_the_list_beneath_holds_what_the_lanes_hold(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        add_six(session, clinic, [TODAY], "13:00")
    page = as_role("front_desk").get("/board").text
    table = page[page.index("<table") :]
    assert "13:00</time>" in table
    assert "15:00" in table
    assert "Marta Lindqvist" in table
    assert "1 visit in 1 chair, the first at 13:00, the last until 15:00." in page


@pytest.mark.parametrize("path", ["/today", "/board"])
def test_an_administrator_sees_no_patients(as_role: SignedIn, path: str) -> None:
    assert as_role("administrator").get(path).status_code == 403
