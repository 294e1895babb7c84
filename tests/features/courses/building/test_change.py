"""A visit is shifted, and the page says at once what that breaks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.building.offer import BuildPage
from scheduler.features.courses.order import Visit, decode, encode
from scheduler.models import (
    AvailabilityWindow,
    Blackout,
    Chair,
    Closure,
    Duty,
    DutyPattern,
    Infusion,
    OpeningHours,
)
from tests.features.courses.asking import page_of
from tests.support.clinic import NOW, SmallClinic, make_patient, make_protocol, small_clinic
from tests.support.courses import order_for, set_on

MONDAY = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 - local wall time
ROSA = Actor(None, "Rosa")


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What is judged here was read before; the reading is tested on both databases."""
    return sqlite


def shifted(
    session: Session, clinic: SmallClinic, number: int, day: str, time: str = "09:30", **changes: object
) -> BuildPage:
    """The page after visit `number` of a good set was wished elsewhere."""
    visits = set_on(clinic.chairs[0].id, MONDAY)
    return page_of(
        session, clinic, set=encode(visits), change=str(number), wish_day=day, wish_time=time, **changes
    )


def told(page: BuildPage) -> list[str]:
    return [problem.words for problem in page.problems]


def test_a_good_set_breaks_nothing_and_each_visit_can_be_opened(
    database: Database, clinic: SmallClinic
) -> None:
    with database.read() as session:
        page = page_of(session, clinic, set=encode(set_on(clinic.chairs[0].id, MONDAY)))
    assert (page.problems, page.change, page.sets[0].name) == ((), None, "Your set")
    assert [row.gap for row in page.sets[0].rows] == [
        "none",
        "2 days",
        "2 days",
        "3 days",
        "2 days",
        "2 days",
    ]
    assert all(row.change_href and row.change_href.endswith("#change") for row in page.sets[0].rows)


@pytest.mark.parametrize(
    ("number", "day", "words"),
    [
        (2, "2026-12-03", ["Visit 3 would come 1 day after visit 2, too soon: at least 2 days."]),
        (
            4,
            "2026-12-03",
            [
                "Visit 4 would come before visit 3.",
                "Visit 5 would come 6 days after visit 4, too late: at most 3 days.",
            ],
        ),
        (2, "2026-12-04", [
            "Visit 2 would come 4 days after visit 1, too late: at most 3 days.",
            "Visit 3 would come on the same day as visit 2.",
        ]),
        (6, "2026-12-14", [
            "Visit 6 would come 5 days after visit 5, too late: at most 3 days.",
            "The course would take 15 days, too long: at most 14 days.",
        ]),
        (1, "2026-11-27", [
            "Visit 1 would be 3 days before the first day asked for.",
            "Visit 2 would come 5 days after visit 1, too late: at most 3 days.",
            "The course would take 15 days, too long: at most 14 days.",
        ]),
        (3, "2026-12-05", ["Visit 3: the clinic is closed that day."]),
    ],
)  # fmt: skip
def test_the_spacing_of_the_protocol_is_told_on_both_sides(
    database: Database, clinic: SmallClinic, number: int, day: str, words: list[str]
) -> None:
    with database.read() as session:
        page = shifted(session, clinic, number, day)
    assert told(page) == words
    assert page.status == 200
    assert page.change is not None
    assert page.change.undo_href is not None


def test_the_strip_is_broken_where_the_gap_is_and_not_where_a_day_is_closed(
    database: Database, clinic: SmallClinic
) -> None:
    with database.read() as session:
        gap = shifted(session, clinic, 2, "2026-12-03").sets[0].visits
        closed = shifted(session, clinic, 3, "2026-12-05").sets[0].visits
    assert [(mark.state, mark.breaks) for mark in gap[1:3]] == [("pick", 1), ("break", 0)]
    assert [(mark.state, mark.breaks) for mark in closed[1:3]] == [("pick", 0), ("break", 0)]


def test_a_holiday_is_told_by_its_name(database: Database, clinic: SmallClinic) -> None:
    visits = set_on(clinic.chairs[0].id, MONDAY - timedelta(days=14))
    wish = {"change": "5", "wish_day": "2026-11-26", "wish_time": "09:30"}
    with database.read() as session:
        page = page_of(
            session, clinic, set=encode(visits), **wish, **{"from": "2026-11-16", "until": "2026-11-17"}
        )
    assert told(page)[0] == "Visit 5: the clinic is closed (Thanksgiving Day)."
    assert not any("on duty" in words for words in told(page))


def add_window(session: Session, clinic: SmallClinic) -> None:
    for weekday in range(5):
        session.add(
            AvailabilityWindow(patient_id=clinic.patient.id, weekday=weekday, from_minute=480, to_minute=720)
        )


def add_days_away(session: Session, clinic: SmallClinic) -> None:
    session.add(
        Blackout(
            patient_id=clinic.patient.id, first_day=date(2026, 12, 1), last_day=date(2026, 12, 1), note=""
        )
    )


def add_hours_away(session: Session, clinic: SmallClinic) -> None:
    session.add(
        Blackout(
            patient_id=clinic.patient.id,
            first_day=date(2026, 12, 1),
            last_day=date(2026, 12, 2),
            from_minute=840,
            to_minute=900,
            note="",
        )
    )


def add_own_visit(session: Session, clinic: SmallClinic) -> None:
    booster = make_protocol(session, "Booster", infusions=1)
    visit = Visit(1, clinic.chairs[1].id, datetime(2026, 12, 1, 15))  # noqa: DTZ001
    order = order_for(clinic, [visit], key="booster-booster-booster")
    book_course(session, ROSA, NOW, type(order)(**{**order.__dict__, "protocol_version_id": booster.id}))


def take_a_chair(session: Session, clinic: SmallClinic) -> None:
    other = make_patient(session, clinic.site, 2)
    visits = set_on(clinic.chairs[0].id, datetime(2026, 12, 1, 14), (3, 3, 2, 2, 3))  # noqa: DTZ001
    book_course(session, ROSA, NOW, order_for(clinic, visits, key="k" * 20, patient=other))


def take_both_chairs(session: Session, clinic: SmallClinic) -> None:
    take_a_chair(session, clinic)
    other = make_patient(session, clinic.site, 3)
    visits = set_on(clinic.chairs[1].id, datetime(2026, 12, 1, 14), (3, 3, 2, 2, 3))  # noqa: DTZ001
    book_course(session, ROSA, NOW, order_for(clinic, visits, key="m" * 20, patient=other))


def add_closures(session: Session, clinic: SmallClinic) -> None:
    start = datetime(2026, 12, 1, 17, tzinfo=UTC)
    for chair, reason in ((clinic.chairs[0], "Pump service"), (clinic.chairs[1], "")):
        session.add(
            Closure(
                site_id=clinic.site.id,
                chair_id=chair.id,
                starts_at=start,
                ends_at=start + timedelta(hours=6),
                reason=reason,
            )
        )


def send_the_clinician_home(session: Session, clinic: SmallClinic) -> None:
    session.execute(delete(DutyPattern).where(DutyPattern.duty == Duty.CLINICIAN, DutyPattern.weekday == 1))


@pytest.mark.parametrize(
    ("arrange", "nurses", "time", "words"),
    [
        (add_days_away, 1, "14:00", "Visit 2: the patient is away then."),
        (add_hours_away, 1, "14:00", "Visit 2: the patient is away then."),
        (add_own_visit, 1, "09:30", "Visit 2: the patient has another visit that day."),
        (take_both_chairs, 4, "14:30", "Visit 2: no chair is free then."),
        (take_a_chair, 1, "14:00", "Visit 2: the nurses are full at 14:00."),
        (add_closures, 1, "14:00", "Visit 2: chair 1 is closed (Pump service)."),
        (send_the_clinician_home, 1, "14:00", "Visit 2: no clinician is there at 14:20."),
        (None, 1, "09:33", "Visit 2: visits start every 10 minutes."),
        (None, 1, "17:00", "Visit 2: the visit would be outside opening hours."),
        (None, 1, "23:50", "Visit 2: the visit would run past midnight."),
        (None, 1, "11:30", "Visit 2: no nurse is on duty at 12:00."),
    ],
)
def test_what_stands_in_the_way_is_told_in_words(
    database: Database,
    arrange: Callable[[Session, SmallClinic], None] | None,
    nurses: int,
    time: str,
    words: str,
) -> None:
    with database.write() as session:
        clinic = small_clinic(session, nurses=nurses)
        if arrange:
            arrange(session, clinic)
    with database.read() as session:
        page = shifted(session, clinic, 2, "2026-12-01", time)
    assert words in told(page)


def test_the_patients_exact_hours_are_told(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        add_window(session, clinic)
    with database.read() as session:
        page = shifted(session, clinic, 2, "2026-12-02", "14:00", can=[f"{day}a" for day in range(5)])
    assert told(page) == ["Visit 2: the patient can come 08:00 to 12:00 that day."]


def test_the_hours_beside_an_absence_are_free(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        add_hours_away(session, clinic)
    with database.read() as session:
        assert told(shifted(session, clinic, 2, "2026-12-02", "10:00")) == []


def test_a_shift_takes_another_chair_where_its_own_is_taken(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session, nurses=4)
        take_a_chair(session, clinic)
    with database.read() as session:
        page = shifted(session, clinic, 2, "2026-12-04", "14:00")
        assert page.sets[0].rows[1].chair == "2"
        kept = shifted(session, clinic, 2, "2026-12-02", "14:00")
        assert kept.sets[0].rows[1].chair == "1"


def test_a_set_on_a_chair_that_was_taken_names_the_chair(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session, nurses=4)
        visits = set_on(clinic.chairs[0].id, MONDAY)
        other = make_patient(session, clinic.site, 2)
        book_course(session, ROSA, NOW, order_for(clinic, visits, key="k" * 20, patient=other))
    with database.read() as session:
        page = page_of(session, clinic, set=encode(visits))
    assert told(page) == [f"Visit {number}: chair 1 is taken then." for number in range(1, 7)]


def test_a_chair_of_another_kind_is_told(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.merge(clinic.protocol_version).chair_type = "bed"
    with database.read() as session:
        page = page_of(session, clinic, set=encode(set_on(clinic.chairs[0].id, MONDAY)))
    assert told(page)[0] == "Visit 1: chair 1 is not of the kind that this protocol asks for."


def test_a_time_of_today_that_is_over_says_so(database: Database, clinic: SmallClinic) -> None:
    visits = set_on(clinic.chairs[0].id, datetime(2026, 11, 2, 8))  # noqa: DTZ001
    with database.read() as session:
        page = page_of(session, clinic, set=encode(visits), **{"from": "2026-11-02", "until": "2026-11-09"})
    assert told(page)[0] == "Visit 1: that time is over."


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2028-05-01", "Choose a day from Mon 2 Nov to"),
        ("1999-01-01", "Choose a day from Mon 2 Nov to"),
        ("9999-12-31", "Choose a day from Mon 2 Nov to"),
        ("2026-02-30", "There is no such date"),
    ],
)
def test_a_day_out_of_reach_is_refused_beside_the_visit_and_kept(
    database: Database, clinic: SmallClinic, day: str, says: str
) -> None:
    with database.read() as session:
        page = shifted(session, clinic, 2, day)
    assert page.change is not None
    assert page.change.error.startswith(says)
    assert (page.change.wish_day, page.change.undo_href, page.problems) == (day, None, ())
    assert (len(page.sets), page.status) == (3, 200)


def test_the_times_offered_break_nothing_and_lead_to_their_set(
    database: Database, clinic: SmallClinic
) -> None:
    with database.read() as session:
        page = page_of(session, clinic, set=encode(set_on(clinic.chairs[0].id, MONDAY)), change="4")
        assert page.change is not None
        found = {choice.day.isoformat(): [at.time for at in choice.times] for choice in page.change.days}
        assert "09:30" in found["2026-12-07"]
        assert set(found) == {"2026-12-07"}
        current = [at for choice in page.change.days for at in choice.times if at.current]
        assert [at.time for at in current] == ["09:30"]
        other = next(at for choice in page.change.days for at in choice.times if at.time == "10:00")
        value = other.href.partition("&set=")[2].removesuffix("#set")
        assert decode(value)[3].start == datetime(2026, 12, 7, 10)  # noqa: DTZ001
        assert page_of(session, clinic, set=value).problems == ()


@pytest.mark.parametrize("number", ["0", "7", "999999999", "x", ""])
def test_a_visit_that_the_set_has_not_opens_nothing(
    database: Database, clinic: SmallClinic, number: str
) -> None:
    with database.read() as session:
        page = page_of(session, clinic, set=encode(set_on(clinic.chairs[0].id, MONDAY)), change=number)
    assert page.change is None
    assert page.sets[0].name == "Your set"


def far(clinic: SmallClinic) -> str:
    return encode(set_on(clinic.chairs[0].id, MONDAY + timedelta(days=400)))


@pytest.mark.parametrize(
    "brought",
    [
        lambda _: "nonsense",
        lambda _: "1@21991231T2350",
        lambda _: encode(set_on(987654321, MONDAY)),
        lambda clinic: encode(set_on(clinic.chairs[0].id, MONDAY)[:5]),
        far,
    ],
)
def test_a_set_of_another_search_is_left_out_with_a_sentence(
    database: Database, clinic: SmallClinic, brought: Callable[[SmallClinic], str]
) -> None:
    with database.read() as session:
        page = page_of(session, clinic, set=brought(clinic), change="1")
    assert page.notice
    assert (len(page.sets), page.change, page.status) == (3, None, 200)


def test_a_set_on_a_retired_chair_is_left_out(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.get_one(Chair, clinic.chairs[0].id).retired_at = NOW
    with database.read() as session:
        assert page_of(session, clinic, set=encode(set_on(clinic.chairs[0].id, MONDAY))).notice


def night_clinic(session: Session) -> SmallClinic:
    """Open in the night to Sunday, with everybody on duty, for a single visit."""
    clinic = small_clinic(session)
    session.add(OpeningHours(site_id=clinic.site.id, weekday=6, from_minute=0, to_minute=480))
    for name, duty in (("nurse", Duty.NURSE), ("clinician", Duty.CLINICIAN)):
        session.add(
            DutyPattern(
                user_id=clinic.users[name].id,
                site_id=clinic.site.id,
                duty=duty,
                weekday=6,
                from_minute=0,
                to_minute=480,
                breaks=[],
                valid_from=date(2026, 1, 1),
            )
        )
    booster = make_protocol(session, "Booster", infusions=1)
    return SmallClinic(clinic.site, clinic.chairs, clinic.users, booster, clinic.patient)


def test_a_time_that_comes_twice_is_told_and_the_first_is_booked(database: Database) -> None:
    before = datetime(2026, 10, 20, 15, tzinfo=UTC)
    with database.write() as session:
        clinic = night_clinic(session)
    days = {"from": "2026-10-31", "until": "2026-11-02"}
    visits = (Visit(1, clinic.chairs[0].id, datetime(2026, 11, 1, 3)),)  # noqa: DTZ001
    wish = {"set": encode(visits), "change": "1", "wish_day": "2026-11-01"}
    with database.read() as session:
        page = page_of(session, clinic, now=before, wish_time="01:30", **wish, **days)
        later = page_of(session, clinic, now=before, wish_time="03:00", **wish, **days)
    assert page.change is not None
    assert page.change.twice.startswith("The clocks go back that night, so 01:30 comes twice. The first one")
    assert told(page) == []
    assert later.change is not None
    assert later.change.twice == ""
    with database.write() as session:
        book_course(session, ROSA, before, order_for(clinic, decode(page.sets[0].value)))
        starts = session.scalars(select(Infusion.starts_at)).all()
    assert starts == [datetime(2026, 11, 1, 5, 30, tzinfo=UTC)]


def test_a_time_that_the_clocks_skip_is_told(database: Database) -> None:
    with database.write() as session:
        clinic = night_clinic(session)
    visits = (Visit(1, clinic.chairs[0].id, datetime(2027, 3, 14, 4)),)  # noqa: DTZ001
    with database.read() as session:
        page = page_of(
            session,
            clinic,
            set=encode(visits),
            change="1",
            wish_day="2027-03-14",
            wish_time="02:30",
            **{"from": "2027-03-12", "until": "2027-03-15"},
        )
    assert told(page) == ["Visit 1: the clocks change: 02:30 to 04:30 is not a whole visit."]
    assert page.change is not None
    assert page.change.twice == ""
