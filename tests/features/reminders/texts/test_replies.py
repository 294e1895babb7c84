"""What a patient answers by text: acted on once, answered once, and read by a person where it is in doubt."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.outbox.contact.queries import choices, stopped
from scheduler.models import (
    Channel,
    InboundMessage,
    Infusion,
    InfusionStatus,
    MessageStatus,
    Patient,
    StaffTask,
    TaskKind,
    Topic,
)
from tests.features.reminders.texts.conftest import Call, agree, deliver, remind, waiting
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient

NUMBER = "+12125550123"


def visit_on(
    database: Database, clinic: SmallClinic, start: str = "2026-11-10 09:30", patient: Patient | None = None
) -> Infusion:
    with database.write() as session:
        chair = 1 if patient else 0
        return make_course(session, clinic, [wall(clinic, start)], patient=patient, chair=chair)[1][0]


def now(database: Database, visit: Infusion) -> Infusion:
    with database.read() as session:
        return session.get_one(Infusion, visit.id)


def tasks(database: Database) -> list[tuple[TaskKind, int | None]]:
    with database.read() as session:
        rows = session.scalars(
            select(StaffTask).where(StaffTask.done_at.is_(None)).order_by(StaffTask.id)
        ).all()
    return [(row.kind, row.patient_id) for row in rows]


def test_c_confirms_the_visit_that_was_reminded_and_is_answered_at_night_too(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    agree(database, clinic.patient)
    visit = visit_on(database, clinic)
    remind(database, visit)
    assert say("c.") == 200
    found = now(database, visit)
    assert (found.confirmation, found.confirmation_source, found.status) == (
        "confirmed",
        "text",
        InfusionStatus.SCHEDULED,
    )
    night = wall(clinic, "2026-11-02 21:30")
    assert deliver(database, night) == [
        (NUMBER, "Riverside Clinic: thank you, we expect you Tue 10 Nov, 09:30 EST. +1 212-555-0100")
    ]
    assert tasks(database) == []


def test_r_raises_a_task_and_is_answered_with_a_link_and_the_visit_stands(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    agree(database, clinic.patient)
    visit = visit_on(database, clinic)
    remind(database, visit)
    say("R")
    found = now(database, visit)
    assert (found.confirmation, found.status) == ("change_asked", InfusionStatus.SCHEDULED)
    assert tasks(database) == [(TaskKind.CHANGE_ASKED, clinic.patient.id)]
    ((_, text),) = deliver(database)
    assert text.startswith("Riverside Clinic: choose another time: https://clinic.example/v/")


def test_the_same_call_of_the_gateway_counts_once(database: Database, clinic: SmallClinic, say: Call) -> None:
    assert [say("START", sid="SMold"), say("STOP"), say("START", sid="SMold")] == [200, 200, 200]
    with database.read() as session:
        assert stopped(session, Channel.SMS, NUMBER) is not None
        assert len(session.scalars(select(InboundMessage)).all()) == 2


def test_a_c_after_two_reminders_confirms_nothing_and_raises_a_task(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    agree(database, clinic.patient)
    visits = [visit_on(database, clinic, start) for start in ("2026-11-10 09:30", "2026-11-12 09:30")]
    for visit in visits:
        remind(database, visit)
    say("C")
    assert [now(database, visit).confirmation for visit in visits] == ["none", "none"]
    assert tasks(database) == [(TaskKind.REPLY_UNCLEAR, clinic.patient.id)]
    ((_, text),) = deliver(database)
    assert "could not tell what your reply means" in text


def test_two_people_behind_one_number_confirm_nothing(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
    visits = [visit_on(database, clinic), visit_on(database, clinic, patient=other)]
    for patient, visit in zip((clinic.patient, other), visits, strict=True):
        agree(database, patient)
        remind(database, visit)
    say("C")
    assert [now(database, visit).confirmation for visit in visits] == ["none", "none"]
    assert tasks(database) == [(TaskKind.REPLY_UNCLEAR, None)]


def test_who_confirmed_one_visit_and_is_reminded_of_the_next_means_the_next(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    agree(database, clinic.patient)
    first, second = (visit_on(database, clinic, f"2026-11-1{day} 09:30") for day in (0, 2))
    remind(database, first)
    say("C")
    remind(database, second)
    say("C")
    assert [now(database, visit).confirmation for visit in (first, second)] == ["confirmed", "confirmed"]
    say("C")
    assert tasks(database) == [(TaskKind.REPLY_UNCLEAR, clinic.patient.id)], "it could mean either by now"


def test_a_visit_that_moved_since_takes_no_c_and_another_chair_is_no_move(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    agree(database, clinic.patient)
    moved = visit_on(database, clinic)
    remind(database, moved)

    def place(start: str, chair: int) -> None:
        with database.write() as session:
            row = session.get_one(Infusion, moved.id)
            local = wall(clinic, start).astimezone(ZoneInfo(clinic.site.tz)).replace(tzinfo=None)
            place_visits(
                session,
                COMMAND,
                NOW,
                row.course_id,
                [Placement(1, chair, local, row.id)],
                seen={row.id: row.schedule_version},
            )

    place("2026-11-10 09:30", clinic.chairs[1].id)
    say("C")
    assert now(database, moved).confirmation == "confirmed"
    place("2026-11-10 14:00", clinic.chairs[1].id)
    say("C")
    assert now(database, moved).confirmation == "none"
    assert TaskKind.REPLY_UNCLEAR in [kind for kind, _ in tasks(database)]


@pytest.mark.parametrize("word", ["STOP", "unsubscribe", "Opt out"])
def test_stop_ends_texts_to_the_number_with_one_confirmation_and_a_task(
    database: Database, clinic: SmallClinic, say: Call, word: str
) -> None:
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
    agree(database, clinic.patient)
    visit = visit_on(database, clinic)
    say(word)
    say(word)
    say("C")
    ((number, text),) = deliver(database)
    assert (number, text[:40]) == (NUMBER, "Riverside Clinic: no more text messages.")
    held = remind(database, visit)
    with database.read() as session:
        assert stopped(session, Channel.SMS, NUMBER) is not None
        assert session.get_one(type(held), held.id).status is MessageStatus.SUPPRESSED
    stops = [patient for kind, patient in tasks(database) if kind is TaskKind.TEXTS_STOPPED]
    assert stops == [clinic.patient.id, other.id]
    assert now(database, visit).status is InfusionStatus.SCHEDULED


def test_answers_that_still_waited_do_not_follow_stop(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    agree(database, clinic.patient)
    remind(database, visit_on(database, clinic))
    for body in ("C", "YES", "STOP"):
        say(body)
    assert ["no more text" in text for _, text in deliver(database)] == [True]


def test_cancel_stops_texts_cancels_no_visit_and_asks_the_desk_to_call(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    agree(database, clinic.patient)
    visit = visit_on(database, clinic)
    remind(database, visit)
    say("CANCEL")
    assert now(database, visit).status is InfusionStatus.SCHEDULED
    assert [kind for kind, _ in tasks(database)] == [TaskKind.TEXTS_STOPPED, TaskKind.REPLY_UNCLEAR]
    assert [row.facts["answer"] for row in waiting(database)] == ["stopped"]


def test_start_opts_in_again_and_settles_the_task(database: Database, clinic: SmallClinic, say: Call) -> None:
    say("STOP")
    say("START")
    with database.read() as session:
        assert stopped(session, Channel.SMS, NUMBER) is None
        assert choices(session, clinic.patient.id).sms
        assert choices(session, clinic.patient.id).last[Topic.SMS].source == "reply"
    assert tasks(database) == []
    assert [text.partition(": ")[2][:28] for _, text in deliver(database)] == [
        "no more text messages. Your ",
        "text messages are on again. ",
    ]


def test_start_of_a_number_that_two_people_have_is_nobodys_consent(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    with database.write() as session:
        make_patient(session, clinic.site, 2)
        choose(session, COMMAND, NOW, clinic.patient.id, Topic.SMS, False, "desk", "asked")
    say("START")
    with database.read() as session:
        assert not choices(session, clinic.patient.id).sms


def test_help_is_answered_with_the_clinics_phone_even_after_stop(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    say("STOP")
    say("help")
    assert [row.facts["answer"] for row in waiting(database)] == ["stopped", "help"]
    assert "For help call +1 212-555-0100" in deliver(database)[1][1]


@pytest.mark.parametrize("body", ["YES", "I am late\nsorry", "\ufffd\u202e 9:30?"])
def test_anything_else_confirms_nothing_and_is_read_by_a_person(
    database: Database, clinic: SmallClinic, say: Call, body: str
) -> None:
    agree(database, clinic.patient)
    visit = visit_on(database, clinic)
    remind(database, visit)
    assert [say(body), say(body)] == [200, 200]
    assert now(database, visit).confirmation == "none"
    assert [kind for kind, _ in tasks(database)] == [TaskKind.REPLY_UNCLEAR] * 2
    assert len(waiting(database)) == 1, "two programs must not write to each other for ever"


def test_a_number_that_no_patient_has_raises_one_task_and_gets_no_answer(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    for body in ("C", "who is this", "HELP"):
        say(body, sender="+12125550999")
    assert tasks(database) == [(TaskKind.REPLY_UNCLEAR, None)]
    say("STOP", sender="+12125550999")
    with database.read() as session:
        assert stopped(session, Channel.SMS, "+12125550999") is not None
    assert waiting(database) == []


def test_a_gateway_that_answers_stop_itself_is_not_doubled(
    database: Database, clinic: SmallClinic, say: Call
) -> None:
    say("STOP", OptOutType="STOP")
    assert waiting(database) == []
    assert [kind for kind, _ in tasks(database)] == [TaskKind.TEXTS_STOPPED]
