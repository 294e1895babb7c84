"""Messages in one list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.features.desk.messages import messages_of
from scheduler.features.outbox.queries import MessageLine
from scheduler.features.reminders.queries import PlannedReminder

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def line(
    ident: int,
    status: str,
    pill: str | None = None,
    said: str = "sent",
    reason: str = "",
    receipt: str = "",
    packed: str = "",
) -> MessageLine:
    return MessageLine(
        id=ident,
        label="Calendar invitation" if packed else "Reminder, 1 day before",
        channel="E-mail",
        status=status,
        pill=pill or status,
        reason=reason,
        said=said,
        when=AT,
        patient_id=1,
        patient="Marta Lindqvist",
        record_number="RV-1",
        course_id=1,
        infusion_id=1,
        number=4,
        visit_at=AT,
        receipt=receipt,
        packed=packed,
    )


PLANNED = PlannedReminder(
    infusion_id=2,
    number=5,
    course_id=1,
    patient_id=1,
    patient="Marta Lindqvist",
    record_number="RV-1",
    label="Reminder, 3 days before",
    channel="E-mail",
    due_at=AT + timedelta(days=1),
    visit_at=AT + timedelta(days=4),
)


def test_what_needs_a_person_comes_first_then_what_is_to_come_then_what_went() -> None:
    found = messages_of(
        [line(1, "sent"), line(2, "dead", said="was due"), line(3, "queued", said="goes out")], [PLANNED]
    )
    assert [(mark.state, mark.message_id) for mark in found.shown] == [
        ("no", 2),
        ("open", 3),
        ("open", None),
        ("yes", 1),
    ]
    assert found.stuck == 1
    assert found.shown[2].note == "Planned, e-mail, goes out Tue 3 Nov, 09:00"


def test_only_the_last_three_settled_messages_stand_open() -> None:
    found = messages_of([line(ident, "sent") for ident in range(1, 9)], [])
    assert [mark.message_id for mark in found.shown] == [1, 2, 3]
    assert [mark.message_id for mark in found.folded] == [4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("status", "pill", "state"),
    [
        ("unknown", "unknown", "no"),
        ("dead", "dead", "no"),
        ("queued", "failed", "open"),
        ("sending", "sending", "open"),
    ],
)
def test_only_a_message_that_will_not_be_tried_again_by_itself_needs_a_person(
    status: str, pill: str, state: str
) -> None:
    assert messages_of([line(1, status, pill)], []).shown[0].state == state


def test_a_withdrawn_message_says_so_and_why() -> None:
    (mark,) = messages_of([line(1, "void", said="was due", reason="The visit was moved.")], []).shown
    assert mark.state == "open"
    assert mark.note == "Withdrawn, was due 2 Nov 2026, 09:00, e-mail. The visit was moved."


def test_a_text_says_that_it_reached_the_phone() -> None:
    found = messages_of([line(1, "sent", receipt="It reached the phone")], [])
    assert found.shown[0].note.endswith(". It reached the phone")


def test_the_invitations_of_a_booking_are_one_line_that_opens_to_all_of_them() -> None:
    six = [line(ident, "sent", packed="calendar invitations") for ident in range(8, 2, -1)]
    lost = line(9, "dead", reason="Refused.", packed="calendar invitations")
    found = messages_of([line(10, "sent"), lost, *six, line(2, "sent")], [])
    assert [(mark.words, mark.message_id) for mark in found.shown] == [
        ("Calendar invitation, no. 4", 9),
        ("Reminder, 1 day before, no. 4", 10),
        ("6 calendar invitations", None),
        ("Reminder, 1 day before, no. 4", 2),
    ]
    assert found.shown[2].note == "Sent 2 Nov 2026, 09:00, e-mail"
    assert [one.message_id for one in found.shown[2].pack] == [3, 4, 5, 6, 7, 8]


def test_of_the_planned_reminders_the_next_three_stand_open_and_the_rest_is_one_line() -> None:
    found = messages_of([], [replace(PLANNED, number=number) for number in range(1, 7)])
    assert [mark.words for mark in found.shown] == [
        *(f"Reminder, 3 days before, no. {number}" for number in (1, 2, 3)),
        "3 more reminders planned",
    ]
    assert found.shown[3].note == "The next of them goes out Tue 3 Nov, 09:00"
    assert len(found.shown[3].pack) == 3
