"""The course log on paper: all that was charted, what was signed, the same file whenever it is asked for."""

import logging
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from scheduler import clock
from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.infusion_logs.actions.vitals import Correction
from scheduler.features.review.actions.beside import Said, add_addendum, co_sign
from scheduler.features.review.paper.columns import widths
from scheduler.features.review.paper.sheet import course_pdf
from scheduler.features.review.queries.paper import printed_course
from scheduler.features.review.queries.record import live_record
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import (
    AuditEvent,
    CognitiveTask,
    Infusion,
    Patient,
    Role,
    RunState,
    SignedRecord,
    TimePoint,
    User,
)
from scheduler.rendering.canonical import Facts, canonical_bytes
from scheduler.rendering.trajectory import TrajectoryFacts
from tests.features.conftest import clients_of
from tests.features.infusion_logs.conftest import Chair, seated
from tests.support.clinic import NOW, make_user
from tests.support.pdf import elements, fonts
from tests.support.task_runs import add_run
from tests.support.visits import add_rating

DOSE = {
    "weight_g": "70", "dose_ug_per_kg": "0.5", "concentration_ug_per_ml": "10", "minutes": "40",
    "dose_ug": "35", "rate_ug_per_h": "52.5", "drug": "Ketamine", "lot": "K4471", "expiry": "2027-03-31",
    "route": "iv",
}  # fmt: skip
LATER = NOW + timedelta(days=90)
ADDED = {
    "id": 1, "infusion_id": None, "number": None, "words": "The lot was K4472.", "reason": "Misread",
    "by": {"id": 3, "name": "Dr Marsh"}, "at": "2026-11-05T15:00:00Z", "digest": "cd" * 32,
}  # fmt: skip


@pytest.fixture
def chair(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Chair:
    """A visit with a dose, a corrected pressure, a rating and a note in other letters with markup in it."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    chair = seated(sqlite)
    chair.save("dose", **DOSE)
    chair.save("times", started_at="09:35")
    chair.save("notes", notes="Музыка, <b>quiet</b> room")
    wrong = chair.measure("row-0001", NOW - timedelta(minutes=10), sbp=188, dbp=99, pulse=72)
    chair.measure("row-0002", NOW, Correction(wrong.id, "Cuff too small"), sbp=138, dbp=84, pulse=72)
    chair.measure("row-0003", NOW, sbp=140, dbp=85, pulse=70)
    with sqlite.write() as session:
        add_rating(session, session.get_one(Infusion, chair.infusion_id), TimePoint.PRE, 6)
    return chair


def record_of(chair: Chair, now: datetime = NOW) -> tuple[Facts, TrajectoryFacts]:
    with chair.database.read() as session:
        return printed_course(session, session.get_one(Infusion, chair.infusion_id).course_id, now)


def read(made: bytes) -> tuple[PdfReader, str]:
    pdf = PdfReader(BytesIO(made))
    return pdf, " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_file_of_a_course_holds_what_was_charted_and_is_for_those_who_chart(
    chair: Chair, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    record, _ = record_of(chair)
    as_role = clients_of(config, chair.database, chair.clinic)
    address = f"/courses/{record['course']['id']}/log.pdf"
    assert as_role("front_desk").get(address).status_code == 403
    with caplog.at_level(logging.DEBUG, "weasyprint"):
        answer = as_role("nurse").get(address)
    assert [line for line in caplog.records if line.levelno >= logging.WARNING] == []
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert record["patient"]["family_name"] not in answer.headers["Content-Disposition"]
    pdf, text = read(answer.data)
    for words in (
        "70.0 kg", "0.5 mg/kg", "35 mg", "52.5 mg/h, 40 min", "K4471, expires 31 Mar 2027", "6 of 10",
        "09:50, 15 min 188/99", "140/85",
        f"Corrected by {chair.clinic.users['nurse'].name}, 10:00: Cuff too small",
        "No adverse event was recorded.", "Музыка, <b>quiet</b> room", "Not signed.", "Sedation",
        f"Page 1 of {len(pdf.pages)}",
    ):  # fmt: skip
        assert words in text, words
    with chair.database.read() as session:
        assert "course_log.read" in session.scalars(select(AuditEvent.action)).all()


def test_a_signed_course_is_the_same_file_whenever_it_is_asked_for(chair: Chair) -> None:
    with chair.database.write() as session:
        course = session.get_one(Infusion, chair.infusion_id).course
        facts = live_record(CourseRows(session, course.id), NOW)
        name = chair.clinic.users["clinician"].name
        row = SignedRecord(
            course_id=course.id,
            record=canonical_bytes(facts).decode(),
            digest="ab" * 32,
            signed_at=NOW,
            signed_by_id=chair.ada.user_id,
            signed_name=name,
        )
        session.add(row)
        session.flush()
        eve = make_user(session, Role.CLINICIAN, chair.clinic.site, "Eve")
        co_sign(session, Actor(eve.id, eve.name), NOW, course.id)
        add_addendum(session, Actor(eve.id, eve.name), NOW, course.id, Said("71 kg", "Misread", "a-key"))
    record, drawn = record_of(chair)
    made = course_pdf(record, drawn, NOW, letter=False)
    with chair.database.write() as session:
        visit = session.get_one(Infusion, chair.infusion_id)
        add_rating(session, visit, TimePoint.WEEKLY, 3, LATER, week=2)
        add_run(session, visit.course, LATER, time_point=TimePoint.WEEKLY, week=2)
        session.execute(update(User).values(name="Renamed"))
        session.execute(update(Patient).values(family_name="Married"))
    assert course_pdf(*record_of(chair, LATER), LATER, letter=False) == made
    unsigned = {**record, "signature": None}
    assert course_pdf(unsigned, drawn, NOW, letter=False) != course_pdf(unsigned, drawn, LATER, letter=False)
    pdf, text = read(course_pdf({**record, "addenda": [ADDED]}, drawn, NOW, letter=False))
    assert (
        "Not signed." not in text
        and f"Signed by {chair.clinic.users['clinician'].name}, 2 Nov 2026, 10:00 EST." in text
    )
    assert text.count("ab" * 32) == len(pdf.pages) + 1
    assert "Eve Signed the course log as the second" in text.replace("Eve. Signed", "Eve Signed")
    assert "The lot was K4472. Because: Misread To the course log, Dr Marsh, 5 Nov 2026, 10:00 EST" in text


def test_the_short_tasks_are_printed_with_what_each_came_to_and_with_no_claim(chair: Chair) -> None:
    with chair.database.write() as session:
        course = session.get_one(Infusion, chair.infusion_id).course
        add_run(session, course, NOW - timedelta(days=1), form=8, reason="hidden")
        add_run(session, course, NOW - timedelta(hours=23))
        add_run(
            session, course, NOW, form=None, state=RunState.LEFT_OUT, reason="tired", score=None,
            task=CognitiveTask.PLACES, device={}, responses=[],
        )  # fmt: skip
    record, drawn = record_of(chair)
    _, text = read(course_pdf(record, drawn, NOW, letter=False))
    for words in (
        "Before the course 1 Nov 2026, 10:00 Symbols and digits Interrupted No. 8 phone, 390 × 844, by touch",
        "The page was left or the screen went dark.",
        "19 right in 90 s No. 7", "1 wrong, typically 1.2 s",
        "Where pictures lie Left out Too tired or unwell.",
        "People get better at these tasks by doing them", "There are no norms",
    ):  # fmt: skip
        assert words in text, words


def test_every_cell_knows_its_head_every_drawing_its_words_and_all_letters_come_along(chair: Chair) -> None:
    record, drawn = record_of(chair)
    pdf, _ = read(course_pdf(record, drawn, NOW, letter=True))
    found = elements(pdf)
    assert all(
        each["/A"]["/Headers"] for each in found if each["/S"] == "/TD" and "/ColSpan" not in each["/A"]
    )
    figures = [each.get("/Alt", "") for each in found if each["/S"] == "/Figure"]
    assert len(figures) == 3 and all(figures)
    assert (
        figures[0] == "0 of 6 infusions completed" and "138/84" in figures[-1] and "188/99" not in figures[-1]
    )
    assert fonts(pdf) == {"Sixfold"}
    assert [each["/S"] for each in found if each["/S"] in ("/H1", "/H2")][:2] == ["/H1", "/H2"]


def test_numbers_and_what_heads_a_row_keep_one_line_and_long_words_take_what_is_left() -> None:
    said = "Asked twice by telephone and once at the chair, and the patient did not want to answer " * 3
    row = ("No. 3, day after", "52.5 mg/h, 40 min", said, said)
    found = widths(("When", "Rate", "Reason", "Note"), [row], frozenset({1}))
    assert abs(sum(found) - 100) < 0.2
    assert found[0] > len(row[0]) and found[1] > len(row[1])
    assert found[2] == found[3] > 25
    name = "Hydroxyzine hydrochloride prolonged release capsules at night"
    assert widths(("Medicine", "From"), [(name, said)], frozenset())[0] < 60


def test_the_log_of_one_infusion_is_a_file_of_its_own(chair: Chair, config: Config) -> None:
    nurse = clients_of(config, chair.database, chair.clinic)("nurse")
    _, text = read(nurse.get(f"/infusions/{chair.infusion_id}/log.pdf").data)
    assert "Infusion log" in text and "35 mg" in text and "Ratings" not in text and "Not signed." in text
    assert nurse.get("/infusions/999999/log.pdf").status_code == 404
