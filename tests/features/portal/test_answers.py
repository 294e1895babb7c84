"""What a patient does on the page of a visit: it is written once, frees nothing, moves nothing."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.features.capacity.queries import site as get_site
from scheduler.features.desk.board.stamp import stamp_of
from scheduler.models import AuditEvent, CourseChange, InfusionStatus, PatientLink
from tests.features.portal.conftest import Phone, Ring
from tests.support.changes import MONDAY, visits
from tests.support.sign_in import sign_in

STARTS = re.compile(r'name="time" value="(\d{4}-[^"]+)"')


def test_the_page_says_when_and_where_and_names_nobody(phone: Phone) -> None:
    page = phone.look().text
    for said in ("Friday 4 December 2026", "09:30 to 11:30 (EST)", "12 Harbor Street", "tel:+12125550100"):
        assert said in page
    patient = phone.clinic.patient
    for secret in (patient.given_name, patient.family_name, patient.record_number, "Sixfold", "nfusion"):
        assert secret not in page
    assert "<title>Your appointment: Riverside Clinic</title>" in page
    assert re.findall(r'(?:src|action)="(?!/)', page) == []


def test_the_page_speaks_the_patients_language(ring: Ring) -> None:
    page = ring("es").look().text
    for said in (
        'lang="es"',
        "Su cita",
        "viernes, 4 de diciembre de 2026",
        "Allí estaré",
        "Un adulto me lleva",
    ):
        assert said in page
    assert "An adult" not in page


def test_looking_changes_nothing_and_is_noted(phone: Phone) -> None:
    for _ in range(2):
        assert phone.look().status_code == 200
    with phone.database.read() as session:
        looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "infusion.read")).all()
        links = session.scalars(select(PatientLink.last_used_at)).all()
    assert [(each.actor, each.patient_id) for each in looks] == [("patient", phone.clinic.patient.id)]
    assert links == [phone.now[0]]
    assert phone.visit().confirmation == "none"


def test_a_double_click_or_the_back_button_confirms_once(phone: Phone) -> None:
    for _ in range(2):
        answer = phone.send("confirm")
        assert (answer.status_code, answer.location) == (303, f"{phone.path}#said")
    visit = phone.visit()
    assert (visit.confirmation, visit.confirmation_source, visit.schedule_version) == ("confirmed", "page", 1)
    page = phone.look().text
    assert "We expect you on Friday 4 December 2026, 09:30 (EST)." in page and "I will be there" not in page
    with phone.database.read() as session:
        kinds = session.scalars(select(CourseChange.kind)).all()
    assert kinds.count("confirmed") == 1


def test_an_open_board_notices_an_answer_at_once(phone: Phone) -> None:
    def stamp() -> str:
        with phone.database.read() as session:
            day = phone.visit().local_day
            return stamp_of(session, get_site(session, phone.clinic.site.id), day, day, "")

    before = stamp()
    phone.send("confirm")
    confirmed = stamp()
    phone.send("ask", time="call")
    assert len({before, confirmed, stamp()}) == 3


def test_three_real_times_are_offered_and_one_of_them_becomes_a_task_with_its_place(phone: Phone) -> None:
    few = STARTS.findall(phone.look().text)
    more = STARTS.findall(phone.look("?times=all").text)
    assert len(few) == 3
    assert set(few) < set(more) and more == sorted(more)
    answer = phone.send("ask", time=few[0], note="  Fridays are   hard ")
    assert answer.status_code == 303
    [task] = phone.tasks()
    assert task.facts == {"why": "Fridays are hard", "day": few[0][:10], "time": few[0][11:]}
    assert (phone.visit().confirmation, phone.visit().local_day) == (
        "change_asked",
        MONDAY.date() + timedelta(4),
    )
    said = phone.look().text
    assert "Asked for another time" in said and "stays yours until then" in said and "I will be there" in said
    desk = phone.client.application.test_client()
    sign_in(desk, phone.database, phone.clinic.users["front_desk"])
    step = f"/infusions/{phone.visit_id}/move?day={few[0][:10]}&amp;time={few[0][11:].replace(':', '%3A')}"
    assert step.replace("%3A", ":") in desk.get("/inbox").text.replace("%3A", ":")
    shown = desk.get(f"/infusions/{phone.visit_id}/move?day={few[0][:10]}&time={few[0][11:]}")
    assert shown.status_code == 200 and "Move visit 3" in shown.text


def test_each_time_that_is_offered_breaks_nothing_and_moves_no_other_visit(phone: Phone) -> None:
    offered = STARTS.findall(phone.look("?times=all").text)
    before = {row.id: row.starts_at for row in _rows(phone)}
    for text in (offered[0], offered[-1]):
        phone.move(datetime.fromisoformat(text))
        after = {row.id: row.starts_at for row in _rows(phone)}
        assert {key for key in after if after[key] != before[key]} == {phone.visit_id}


def _rows(phone: Phone) -> list:  # type: ignore[type-arg]
    with phone.database.read() as session:
        return visits(session, phone.course)


def test_another_wish_replaces_the_one_that_waits_and_coming_after_all_ends_it(phone: Phone) -> None:
    first, second, _ = STARTS.findall(phone.look().text)
    for time in (first, second, second):
        phone.send("ask", time=time)
    assert [f"{task.facts['day']}T{task.facts['time']}" for task in phone.tasks()] == [second]
    phone.send("confirm")
    assert phone.tasks() == [] and phone.visit().confirmation == "confirmed"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Choose one of the times"),
        ({"time": "soon"}, "Choose one of the times"),
        ({"time": "2026-02-31T09:30"}, "Choose one of the times"),
        ({"time": "call", "note": "x" * 301}, "Write at most 300 characters."),
    ],
)
def test_an_answer_that_lacks_something_is_shown_again_with_all_that_was_typed(
    phone: Phone, form: dict[str, str], said: str
) -> None:
    answer = phone.send("ask", **{"note": "Mornings", **form})
    assert answer.status_code == 422 and said in answer.text
    assert form.get("note", "Mornings") in answer.text
    assert phone.tasks() == []


def test_a_time_that_was_taken_meanwhile_is_said_and_fresh_ones_stand_there(phone: Phone) -> None:
    answer = phone.send("ask", time="2026-12-05T09:30", note="Saturday")
    assert answer.status_code == 409 and "That time has just been taken" in answer.text
    assert STARTS.findall(answer.text) and 'value="Saturday"' in answer.text
    assert phone.tasks() == []


@pytest.mark.parametrize("form", [("confirm", {}), ("ask", {"time": "call"})])
def test_a_visit_that_was_moved_meanwhile_takes_no_answer_to_its_old_time(
    phone: Phone, form: tuple[str, dict[str, str]]
) -> None:
    phone.look()
    phone.now[0] += timedelta(minutes=1)
    phone.move(datetime(2026, 12, 4, 14, 0))  # noqa: DTZ001 - local wall time
    answer = phone.send(form[0], **form[1])
    assert answer.status_code == 409 and "changed while you looked" in answer.text
    assert "14:00 to 16:00" in answer.text and phone.visit().confirmation == "none"
    page = phone.look().text
    assert page.index("The new time is Friday 4 December 2026, 14:00 (EST).") < page.index("14:00 to 16:00")
    assert "Before it was Friday 4 December 2026, 09:30 (EST)." in page
    assert phone.send("confirm", version="2").status_code == 303


def test_a_tick_is_kept_and_can_be_taken_back_and_the_desk_sees_it(phone: Phone) -> None:
    desk = phone.client.application.test_client()
    sign_in(desk, phone.database, phone.clinic.users["front_desk"])
    page = f"/infusions/{phone.visit_id}"
    for _ in range(2):
        assert phone.send("ready/1", ready="1").status_code == 303
    assert "checked" in phone.look().text and "Ticked by the patient" in desk.get(page).text
    phone.send("ready/1")
    assert "checked" not in phone.look().text and "Not ticked yet" in desk.get(page).text
    assert phone.send("ready/99", ready="1").status_code == 404


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("cancelled", "This appointment is cancelled"),
        ("missed", "find another time together"),
        ("completed", "Thank you for coming"),
        ("arrived", "This appointment has begun"),
    ],
)
def test_a_visit_that_is_off_or_over_says_so_and_takes_no_answer(
    phone: Phone, status: str, said: str
) -> None:
    with phone.database.write() as session:
        row = visits(session, phone.course)[2]
        row.status = InfusionStatus(status)
    page = phone.look().text
    assert said in page and "+1 212-555-0100" in page
    assert "<form" not in page
    for what in ("confirm", "ask"):
        assert phone.send(what, time="call").status_code == 409
    assert phone.send("ready/1", ready="1").status_code in ({303} if status == "arrived" else {409})
    assert phone.look("/appointment.ics").status_code == (200 if status == "arrived" else 404)


SPRING, AUTUMN = datetime(2027, 3, 8, 9, 30), datetime(2027, 11, 1, 9, 30)  # noqa: DTZ001 - local wall time


@pytest.mark.parametrize(("first", "zone", "utc"), [(SPRING, "EDT", 13), (AUTUMN, "EST", 14)])
def test_the_hour_stays_the_clinics_own_over_a_clock_change(
    ring: Ring, first: datetime, zone: str, utc: int
) -> None:
    phone = ring(first=first, number=4)
    phone.now[0] = phone.visit().starts_at - timedelta(days=6)
    page = phone.look("?times=all").text
    assert f"09:30 to 11:30 ({zone})" in page
    assert f"T{utc}3000Z" in phone.look("/appointment.ics").text
    assert phone.send("ask", time=STARTS.findall(page)[-1]).status_code == 303
