"""The sentences of the build page."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.db import Database
from scheduler.features.courses.building.sentences import Sentences, rule
from scheduler.features.courses.order import encode
from scheduler.features.courses.recheck import Gone
from scheduler.features.courses.words import counted, day_words, fault_words, listed, numbers, why
from scheduler.models import AvailabilityWindow, Blackout, ProtocolPhase, ProtocolVersion
from scheduler.planning import Cost, Fault, PlannedInfusion, Term, Violation
from tests.features.courses.asking import page_of
from tests.support.clinic import NOW, SmallClinic, make_protocol, make_site
from tests.support.courses import set_on

MONDAY = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 - local wall time
TODAY = date(2026, 11, 2)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Words are the same on both databases."""
    return sqlite


@pytest.mark.parametrize(
    ("texts", "said"), [([], ""), (["2"], "2"), (["2", "5"], "2 and 5"), (["2", "3", "5"], "2, 3 and 5")]
)
def test_several_are_listed_as_people_do(texts: list[str], said: str) -> None:
    assert listed(texts) == said
    assert numbers(int(text) for text in texts) == said


def test_numbers_are_words_up_to_ten() -> None:
    assert [counted(n) for n in (0, 6, 10, 11)] == ["no", "six", "ten", "11"]


def set_of(*starts: datetime) -> list[PlannedInfusion]:
    return [PlannedInfusion(k, "1", "1", "1", start) for k, start in enumerate(starts, 1)]


def cost(term: Term, k: int, gap: int = 0) -> Cost:
    return Cost(term, k, 1, 1, "", gap)


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (date(2026, 11, 2), "Starts today, ends"),
        (date(2026, 11, 3), "Starts tomorrow, ends"),
        (date(2026, 11, 12), "Starts in 10 days, ends"),
        (date(2026, 10, 30), "Starts on Fri 30 Oct, ends"),
    ],
)  # fmt: skip
def test_a_set_says_when_it_starts(first: date, said: str) -> None:
    start = MONDAY.replace(first.year, first.month, first.day)
    assert why(TODAY, set_of(start, start + timedelta(days=2)), []).startswith(said)


def test_a_set_says_what_it_costs() -> None:
    start = MONDAY
    infusions = set_of(start, start + timedelta(days=3), start + timedelta(days=5, hours=2))
    costs = [cost(Term.GAP, 2, 3), cost(Term.SAME, 3), cost(Term.PREF, 3), cost(Term.WEEKDAY, 2)]
    assert why(TODAY, infusions, costs) == (
        "Starts in 28 days, ends Sat 5 Dec. A gap of 3 days before no. 2. "
        "No. 3 at 11:30, the others at 09:30. No. 3 outside the preferred hours. No. 2 on a day to avoid."
    )


def test_a_visit_shifted_to_before_another_is_no_gap_of_minus_two_days() -> None:
    infusions = set_of(MONDAY, MONDAY - timedelta(days=2))
    assert "-2" not in why(TODAY, infusions, [cost(Term.GAP, 2, -2)])


def test_a_single_visit_is_no_course(database: Database, clinic: SmallClinic) -> None:
    assert why(TODAY, set_of(MONDAY), []) == "Is in 28 days. At 09:30."
    with database.write() as session:
        single = make_protocol(session, "Booster", infusions=1)
    with database.read() as session:
        say = Sentences(page_of(session, clinic, protocol=str(single.id)))
    assert say.book_label == "Book the visit"
    assert say.visit_word == "such"
    assert say.title.endswith("free dates, best first")
    assert say.consequences.startswith("Books the visit. Sends Marta one e-mail")
    assert say.range_of(say.page.sets[0]) == day_words(say.page.sets[0].infusions[0].day)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Six visits of 2 hours, 2 or 3 days apart, all within 14 days."),
        ({"gap_max": 7, "span_max": 28}, "Six visits of 2 hours, 2 to 7 days apart, all within 28 days."),
        ({"gap_max": 2, "infusions": 12}, "12 visits of 2 hours, 2 days apart, all within 14 days."),
        ({"infusions": 1}, "One visit of 2 hours."),
        ({"minutes": 90, "infusions": 1}, "One visit of 1 hour 30 minutes."),
        ({"minutes": 45, "infusions": 1}, "One visit of 45 minutes."),
        ({"gap_min": 1, "gap_max": 1}, "Six visits of 2 hours, 1 day apart, all within 14 days."),
    ],
)
def test_a_protocol_says_its_rules(facts: dict[str, int], said: str) -> None:
    values = {"infusions": 6, "gap_min": 2, "gap_max": 3, "span_max": 14, "minutes": 120} | facts
    minutes = values.pop("minutes")
    phase = ProtocolPhase(position=1, name="All", minutes=minutes, patients_per_nurse=1)
    assert rule(ProtocolVersion(**values, phases=[phase])) == said


def test_the_page_says_when_the_patient_can_come(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        patient = clinic.patient.id
        for day in (0, 2, 4):
            window = AvailabilityWindow(patient_id=patient, weekday=day, from_minute=540, to_minute=900)
            session.add(window)
        session.add(AvailabilityWindow(patient_id=patient, weekday=3, from_minute=0, to_minute=720))
        for first, last in ((date(2026, 12, 1), date(2026, 12, 3)), (date(2026, 12, 8), date(2026, 12, 8))):
            session.add(Blackout(patient_id=patient, first_day=first, last_day=last, note=""))
        session.add(
            Blackout(patient_id=patient, first_day=date(2026, 11, 3), last_day=date(2026, 11, 4), note="")
        )
    with database.read() as session:
        own = Sentences(page_of(session, clinic, can=["0a", "0p", "2a", "2p", "3a", "4a", "4p"]))
        any_time = Sentences(page_of(session, clinic, there="1", whole="1"))
    assert own.times == (
        "Mon 09:00 to 15:00; Wed 09:00 to 15:00; Thu until 12:00; Fri 09:00 to 15:00; not Tue, Sat. "
        "Away Tue 1 Dec to Thu 3 Dec, Tue 8 Dec."
    )
    assert any_time.times == "At any time."


def test_a_patient_without_an_address_must_be_told_now(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.merge(clinic.patient).email = None
    with database.read() as session:
        say = Sentences(page_of(session, clinic))
    assert (
        say.consequences
        == "Books 6 visits. Sends nothing: no message reaches Marta, so tell them the dates now."
    )


def test_the_clinics_are_named_where_there_are_several(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        make_site(session, "HB", "Harbor")
    with database.read() as session:
        two = Sentences(page_of(session, clinic)).site_options
    with database.write() as session:
        make_site(session, "UP", "Uptown")
    with database.read() as session:
        three = Sentences(page_of(session, clinic)).site_options
    assert two[-1] == ("any", "Either, but the same for all")
    assert three[-1] == ("any", "Any, but the same for all")
    assert {words for _, words in two} >= {"Riverside", "Harbor"}


def test_the_title_tells_a_set_of_ones_own_from_what_was_found(
    database: Database, clinic: SmallClinic
) -> None:
    mine = encode(set_on(clinic.chairs[0].id, MONDAY))
    with database.read() as session:
        assert Sentences(page_of(session, clinic)).title == "Three complete sets of dates, best first"
        assert (
            Sentences(page_of(session, clinic, set=mine)).title == "Your set, and others to compare it with"
        )
        assert (
            Sentences(page_of(session, clinic, set="x")).title == "Three complete sets of dates, best first"
        )


@pytest.mark.parametrize(("shift", "said"), [(1, "This set breaks a rule"), (2, "This set breaks two rules")])
def test_what_is_broken_is_counted(database: Database, clinic: SmallClinic, shift: int, said: str) -> None:
    visits = list(set_on(clinic.chairs[0].id, MONDAY))
    visits[1] = replace(visits[1], start=visits[1].start + timedelta(days=shift))
    with database.read() as session:
        assert Sentences(page_of(session, clinic, set=encode(visits))).problems_title == said


def test_who_took_a_visit_and_when_is_told_in_the_clinics_time(
    database: Database, clinic: SmallClinic
) -> None:
    with database.read() as session:
        say = Sentences(page_of(session, clinic))
    taken = Gone(4, "Chair 2", MONDAY, "Chair 2 is taken then.", "Ben Carver", NOW.astimezone(UTC))
    other = Gone(5, "Chair 2", MONDAY, "The nurses are full at 09:30.")
    assert say.gone(taken) == "Mon 30 Nov 09:30 in chair 2 was booked at 10:00 by Ben Carver."
    assert say.gone(other) == "Mon 30 Nov 09:30 in chair 2: The nurses are full at 09:30."
    assert say.gone_title([taken]) == "Nothing was booked: visit 4 is gone"
    assert say.gone_title([taken, other]) == "Nothing was booked: visits 4 and 5 are gone"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Violation("R5", Fault.CHAIR_TAKEN, 1, "Chair 12 is taken then."), "Window seat is taken then."),
        (
            Violation("R2", Fault.UNKNOWN_CHAIR, 1, "Chair 12 is no longer there."),
            "That chair is no longer in use.",
        ),
        (Violation("R4", Fault.CLOSURE, 1, "Chair 12 is closed then."), "Window seat is closed then."),
        (
            Violation("R4", Fault.CLOSURE, 1, "Chair 12 is closed: Pump.", reason="Pump"),
            "Window seat is closed (Pump).",
        ),
        (Violation("R4", Fault.CLOSURE, 1, "The clinic is closed then."), "The clinic is closed then."),
        (Violation("R6", Fault.NURSES_FULL, 1, "The nurses are full."), "The nurses are full."),
    ],
)
def test_no_sentence_names_a_chair_by_its_number_in_the_database(fault: Violation, said: str) -> None:
    assert fault_words(fault, "Window seat") == said
