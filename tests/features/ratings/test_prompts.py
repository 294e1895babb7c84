"""Links to questions go out when an occasion is due: once, by an open way, in discreet words."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.outbox.actions import Ready, Settled, claim_next, prepare
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.ratings.actions.prompt import send_link, write_prompts
from scheduler.features.ratings.instruments import GAD7, PHQ9
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.queries.links import Stage, opened
from scheduler.features.ratings.queries.prompts import due_prompts, prompt_for
from scheduler.models import Channel, Course, Message, MessageStatus, TimePoint, Topic
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.language import codes, load
from scheduler.rendering.short import only_link
from scheduler.rendering.sms import fits
from tests.rendering.facts import CLINIC
from tests.support.clinic import NOW, TODAY, SmallClinic, small_clinic
from tests.support.visits import add_rating, add_six

DAYS = [TODAY.replace(day=day) for day in (4, 6, 9, 11, 13, 16)]
ROSA = Actor(None, "Rosa")


def course_of(session: Session) -> tuple[SmallClinic, Course]:
    """A course whose first visit is in two days: since yesterday at nine its baseline is due."""
    clinic = small_clinic(session)
    return clinic, add_six(session, clinic, DAYS)[0]


def next_one(database: Database) -> Ready | Settled | None:
    with database.write() as session:
        claim = claim_next(session, NOW, "w")
        return prepare(session, NOW, "w", claim, "https://clinic.example") if claim else None


def test_what_is_due_is_asked_once_and_not_again_however_often_the_worker_looks(database: Database) -> None:
    with database.write() as session:
        course_of(session)
        session.scalars(select(Course)).one().booked_at = NOW - timedelta(hours=2)
        for _ in range(2):
            write_prompts(session, NOW, due_prompts(session, NOW))
        (message,) = session.scalars(select(Message)).all()
        assert (message.channel, message.purpose, message.facts["codes"]) == (
            "email", "questions", ["gad7", "phq9"],
        )  # fmt: skip
        assert due_prompts(session, NOW + timedelta(hours=23)) == []


def test_a_worker_that_slept_for_days_sends_no_burst_of_stale_questions(sqlite: Database) -> None:
    with sqlite.write() as session:
        _, course = course_of(session)
        course.booked_at = NOW - timedelta(days=9)
        assert due_prompts(session, NOW + timedelta(days=1)) == []


def test_the_mail_is_discreet_and_its_link_opens_the_questions(database: Database) -> None:
    with database.write() as session:
        _, course = course_of(session)
        course.booked_at = NOW - timedelta(hours=1)
        write_prompts(session, NOW, due_prompts(session, NOW))
    ready = next_one(database)
    assert isinstance(ready, Ready)
    mail = message_from_bytes(ready.body, policy=policy.default)
    text = "\n".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
    assert find_banned(f"{mail['Subject']} {text}") == []
    tokens = set(re.findall(r"https://clinic\.example/r/([A-Za-z0-9_-]{43})", text))
    assert len(tokens) == 1
    with database.read() as session:
        found = opened(session, tokens.pop(), NOW)
    assert (found.stage, found.slot) == (Stage.OPEN, Slot(TimePoint.BASELINE))


def test_a_question_answered_meanwhile_is_not_asked_any_more(database: Database) -> None:
    with database.write() as session:
        _, course = course_of(session)
        course.booked_at = NOW - timedelta(hours=1)
        write_prompts(session, NOW, due_prompts(session, NOW))
        visit = course.infusions[0]
        for instrument in (GAD7, PHQ9):
            add_rating(session, visit, TimePoint.BASELINE, 9, NOW, instrument=instrument)
    settled = next_one(database)
    assert isinstance(settled, Settled)
    assert (settled.status, settled.reason) == (MessageStatus.VOID, "The questions have been answered.")


def test_a_text_goes_only_where_texts_were_allowed_and_by_hand_the_desk_is_told_why_not(
    sqlite: Database,
) -> None:
    with sqlite.write() as session:
        clinic, course = course_of(session)
        course.booked_at = NOW - timedelta(hours=1)
        choose(session, ROSA, NOW, clinic.patient.id, Topic.EMAIL, False, "desk")
        assert due_prompts(session, NOW) == []
        with pytest.raises(RuleError, match="No way to the patient is open"):
            prompt_for(session, course.id, Slot(TimePoint.BASELINE), NOW)
        choose(session, ROSA, NOW, clinic.patient.id, Topic.SMS, True, "desk")
        (prompt,) = due_prompts(session, NOW)
        assert prompt.channel is Channel.SMS
        send_link(session, ROSA, NOW, prompt)
        with pytest.raises(RuleError, match="nothing for the patient to answer now"):
            prompt_for(session, course.id, Slot(TimePoint.PRE, course.infusions[0].id), NOW)


@pytest.mark.parametrize("code", codes())
def test_the_text_fits_and_holds_no_banned_word_in_any_language(code: str) -> None:
    told = only_link("questions", CLINIC, "(212) 555-0100", "https://clinic.example/r/" + "k" * 43, code)
    assert fits(told).segments == 1
    assert find_banned(told, load(code).banned) == []
    assert "/r/kkk" in told
