"""Usual weeks and the days that differ; nobody is at two places at once."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.capacity.actions.duty import Period, clear_days, set_days, set_week
from scheduler.features.capacity.queries import duty_stretches
from scheduler.models import AuditEvent, Duty, Site
from tests.support.clinic import NOW, TODAY, SmallClinic, make_site, small_clinic

BOSS = Actor(None, "Clara")
TUESDAY = date(2026, 11, 3)
MORNING, AFTERNOON = (480, 720), (780, 1080)


@pytest.fixture
def clinic(sqlite: Database) -> SmallClinic:
    with sqlite.write() as session:
        return small_clinic(session)


@pytest.fixture
def north(sqlite: Database, clinic: SmallClinic) -> Site:
    with sqlite.write() as session:
        return make_site(session, "NS", "Northside")


def at_work(session: Session, clinic: SmallClinic, first: date, last: date) -> list[str]:
    """The nurse's days in words."""
    nurse = clinic.users["nurse"].id
    return [
        f"{each.day:%d%b} {each.site_id} {each.from_minute}-{each.to_minute} {list(each.breaks)}"
        for each in duty_stretches(session, [1, 2], first, last)
        if each.user_id == nurse
    ]


def new_week(session: Session, clinic: SmallClinic, site: Site, period: Period, **week: object) -> None:
    hours = week.get("week", {1: (MORNING, AFTERNOON)})
    set_week(session, BOSS, NOW, clinic.users["nurse"].id, Duty.NURSE, site.id, period, hours)  # type: ignore[arg-type]


def away(session: Session, clinic: SmallClinic, period: Period, **there: object) -> None:
    hours = there.get("there", {})
    set_days(session, BOSS, NOW, clinic.users["nurse"].id, Duty.NURSE, period, hours, "Ill")  # type: ignore[arg-type]


def test_a_new_week_holds_from_its_first_day_and_gaps_are_breaks(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        new_week(session, clinic, clinic.site, Period(TUESDAY))
        assert at_work(session, clinic, TODAY, TODAY + timedelta(days=8)) == [
            "02Nov 1 480-1080 [(720, 750)]",
            "03Nov 1 480-1080 [(720, 780)]",
            "10Nov 1 480-1080 [(720, 780)]",
        ]
        assert session.query(AuditEvent).filter_by(action="duty.week_set").count() == 1


def test_after_a_week_with_an_end_the_one_before_it_holds_again(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        before = at_work(session, clinic, TODAY, TODAY + timedelta(days=40))
        new_week(session, clinic, clinic.site, Period(TUESDAY, TUESDAY + timedelta(days=6)), week={})
        after = at_work(session, clinic, TODAY, TODAY + timedelta(days=40))
        assert [line for line in before if line not in after] == before[1:6]
        assert set(after) <= set(before)


def test_a_sick_day_takes_the_whole_day_and_the_usual_week_gives_it_back(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        before = at_work(session, clinic, TODAY, TUESDAY)
        away(session, clinic, Period(TUESDAY))
        assert at_work(session, clinic, TODAY, TUESDAY) == before[:1]
        away(session, clinic, Period(TUESDAY))
        clear_days(session, BOSS, NOW, clinic.users["nurse"].id, Duty.NURSE, Period(TUESDAY, TUESDAY))
        assert at_work(session, clinic, TODAY, TUESDAY) == before


def test_a_nurse_cannot_be_at_two_sites_at_once(sqlite: Database, clinic: SmallClinic, north: Site) -> None:
    said = "two places on Tuesdays: at Riverside from 08:00 to 18:00 and at Northside from 09:00"
    with pytest.raises(RuleError, match=said), sqlite.write() as session:
        new_week(session, clinic, north, Period(TUESDAY), week={1: ((540, 600),)})
    with sqlite.write() as session:
        new_week(session, clinic, clinic.site, Period(TUESDAY), week={1: (MORNING,)})
        new_week(session, clinic, north, Period(TUESDAY), week={1: (AFTERNOON,)})
        assert len(at_work(session, clinic, TUESDAY, TUESDAY)) == 2


def test_weeks_that_are_never_valid_together_may_overlap(
    sqlite: Database, clinic: SmallClinic, north: Site
) -> None:
    with sqlite.write() as session:
        new_week(session, clinic, clinic.site, Period(TUESDAY), week={})
        new_week(session, clinic, north, Period(TUESDAY), week={1: (MORNING,)})
        assert at_work(session, clinic, TODAY, TUESDAY) == [
            "02Nov 1 480-1080 [(720, 750)]",
            "03Nov 2 480-720 []",
        ]


def test_a_day_that_differs_cannot_be_at_two_sites_at_once_either(
    sqlite: Database, clinic: SmallClinic, north: Site
) -> None:
    with pytest.raises(RuleError, match="two places on Tue 3 Nov"), sqlite.write() as session:
        away(session, clinic, Period(TUESDAY), there={1: (MORNING,), 2: ((700, 800),)})
    with sqlite.write() as session:
        away(session, clinic, Period(TUESDAY), there={1: (MORNING,), 2: (AFTERNOON,)})
        assert len(at_work(session, clinic, TUESDAY, TUESDAY)) == 2


def test_days_in_the_wrong_order_too_many_days_and_nobody_are_refused(
    sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        for last in (TODAY, TUESDAY + timedelta(days=400)):
            with pytest.raises(RuleError, match="at most a year later"):
                away(session, clinic, Period(TUESDAY, last))
        with pytest.raises(RuleError, match="ends before it begins"):
            new_week(session, clinic, clinic.site, Period(TUESDAY, TODAY))
        with pytest.raises(NotFoundError):
            clear_days(session, BOSS, NOW, 999, Duty.NURSE, Period(TUESDAY))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(-1, 60), st.booleans()), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_whatever_weeks_are_laid_over_each_other_the_last_one_said_holds(
    sqlite_template: object, tmp_path_factory: pytest.TempPathFactory, said: list[tuple[int, int, bool]]
) -> None:
    """Across the clock change of March too: duty is wall-clock time."""
    import shutil  # noqa: PLC0415

    path = tmp_path_factory.mktemp("weeks") / "one.sqlite3"
    shutil.copyfile(str(sqlite_template), path)
    database = Database(f"sqlite:///{path}")
    base = date(2027, 2, 1)
    with database.write() as session:
        clinic = small_clinic(session)
        expected = {
            base + timedelta(days=n): True for n in range(130) if (base + timedelta(days=n)).weekday() < 5
        }
        for start, length, works in said:
            first = base + timedelta(days=start)
            last = None if length < 0 else first + timedelta(days=length)
            week = dict.fromkeys(range(5), (MORNING,)) if works else {}
            new_week(session, clinic, clinic.site, Period(first, last), week=week)
            for day in expected:
                if first <= day <= (last or day):
                    expected[day] = works
        nurse = clinic.users["nurse"].id
        days = duty_stretches(session, [1], base, base + timedelta(days=129))
        assert [each.day for each in days if each.user_id == nurse] == [
            day for day, works in expected.items() if works
        ]
    database.dispose()
