"""The demo stands in the middle of its work, at any hour of any day."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.cli.demo.days import ZONE
from scheduler.features.courses.actions.write_change import facts_of_visit
from scheduler.features.reminders.queries import due_reminders
from scheduler.models import (
    AuditEvent,
    Chair,
    Channel,
    ContactChoice,
    Course,
    CourseChange,
    CourseStatus,
    EmergencyAccess,
    InboundMessage,
    Infusion,
    InfusionStatus,
    Message,
    MessageAttempt,
    MessageStatus,
    Patient,
    PatientSearchKey,
    Purpose,
    Role,
    Site,
    StaffTask,
    StoppedAddress,
    TaskKind,
    Topic,
    User,
)
from tests.cli.demo.conftest import Made

GONE = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)
RIVERSIDE = 1


def _by_day(session: Session, site_id: int) -> Counter:
    rows = session.scalars(
        select(Infusion.local_day).where(Infusion.site_id == site_id, Infusion.status.not_in(GONE))
    )
    return Counter(rows)


def test_today_is_busy_on_any_day_and_this_week_goes_on(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        visits = _by_day(session, RIVERSIDE)
    today = any_clinic.today
    is_weekend = today.weekday() > 4
    assert (6 if is_weekend else 10) <= visits[today] <= 22
    week = sum(visits[today + timedelta(days=n)] for n in range(-3, 4))
    assert week >= 40


def test_the_clinic_has_the_size_of_the_design(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        assert session.scalar(select(func.count(Site.id))) == 2
        assert Counter(session.scalars(select(Chair.site_id))) == {1: 5, 2: 3}
        assert {"bed", "room", "chair"} == set(session.scalars(select(Chair.chair_type)))
        assert 140 <= (session.scalar(select(func.count(Patient.id))) or 0) <= 165
        assert 125 <= (session.scalar(select(func.count(Course.id))) or 0) <= 150
        roles = Counter(role for user in session.scalars(select(User)) for role in user.role_set)
    assert roles == {Role.FRONT_DESK: 2, Role.NURSE: 7, Role.CLINICIAN: 3, Role.ADMINISTRATOR: 1}


def test_what_is_over_is_recorded_and_what_is_to_come_is_not(any_clinic: Made) -> None:
    now = any_clinic.now
    with any_clinic.database.read() as session:
        rows = session.scalars(select(Infusion)).all()
    for row in rows:
        if row.starts_at > now + timedelta(minutes=30):
            assert row.status in (InfusionStatus.SCHEDULED, InfusionStatus.CANCELLED)
        if row.ends_at < now - timedelta(minutes=30):
            assert row.status in (InfusionStatus.COMPLETED, *GONE)
        marks = [at for at in (row.arrived_at, row.started_at, row.completed_at) if at is not None]
        assert marks == sorted(marks)
        assert all(at <= now for at in (row.scheduled_at, *marks))
        assert (row.completed_at is not None) == (row.status is InfusionStatus.COMPLETED)


def test_every_visit_is_as_its_history_leaves_it(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        rows = {row.id: facts_of_visit(row) for row in session.scalars(select(Infusion))}
        changes = session.scalars(select(CourseChange).order_by(CourseChange.at, CourseChange.id)).all()
        told = session.scalar(
            select(func.count(AuditEvent.id)).where(AuditEvent.action == "infusion.arrived")
        )
    last = {each.infusion_id: each.after for change in changes for each in change.infusions}
    assert last.keys() == rows.keys()
    for infusion_id, facts in rows.items():
        # What patients answered is made up without the changes behind it.
        answer = dict.fromkeys(("confirmation", "confirmation_at", "confirmation_source"))
        assert {**last[infusion_id], **answer} == {**facts, **answer}
    kinds = Counter(change.kind for change in changes)
    assert kinds["arrived"] == told == sum(facts["arrived_at"] is not None for facts in rows.values())
    assert all(change.at <= any_clinic.now for change in changes)


def test_an_infusion_that_was_stopped_waits_for_a_word_or_has_it(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        stopped = session.scalars(select(Infusion).where(Infusion.stopped_early)).all()
        tasks = session.scalars(select(StaffTask).where(StaffTask.kind == TaskKind.COUNTS)).all()
    assert {task.infusion_id: task.done_at is not None for task in tasks} == {
        row.id: row.counts is True for row in stopped
    }


def test_a_morning_shows_every_place_in_the_house(clinic: Made) -> None:
    with clinic.database.read() as session:
        rows = session.scalars(select(Infusion.status).where(Infusion.local_day == clinic.today)).all()
    assert {InfusionStatus.COMPLETED, InfusionStatus.IN_PROGRESS, InfusionStatus.SCHEDULED} <= set(rows)


def test_mishaps_of_every_kind_are_there(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        infusions = session.scalars(select(Infusion)).all()
        courses = Counter(session.scalars(select(Course.status)))
    states = Counter(row.status for row in infusions)
    assert states[InfusionStatus.MISSED] >= 5
    assert states[InfusionStatus.CANCELLED] >= 10
    assert sum(row.stopped_early for row in infusions) >= 3
    assert sum(row.schedule_version == 2 for row in infusions) >= 2
    assert all(row.status_reason for row in infusions if row.status in GONE)
    assert courses[CourseStatus.ACTIVE] >= 35
    assert courses[CourseStatus.COMPLETED] >= 45
    assert 3 <= courses[CourseStatus.DISCONTINUED] <= 20


def test_a_course_goes_on_or_is_on_hold_as_long_as_a_visit_is_open(any_clinic: Made) -> None:
    goes_on = (CourseStatus.ACTIVE, CourseStatus.ON_HOLD)
    open_states = (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS)
    with any_clinic.database.read() as session:
        still_open = set(session.scalars(select(Infusion.course_id).where(Infusion.status.in_(open_states))))
        unfinished = set(session.scalars(select(Course.id).where(Course.status.in_(goes_on))))
    assert still_open == unfinished


def test_a_worker_that_starts_finds_nothing_stale(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        states = Counter(session.scalars(select(Message.status).where(Message.due_at <= any_clinic.now)))
        assert due_reminders(session, any_clinic.now) == []
    # A text of which nobody knows is about a visit of the next hours, and not every day has one.
    assert set(states) - {MessageStatus.UNKNOWN} == {
        MessageStatus.SENT,
        MessageStatus.DEAD,
        MessageStatus.SUPPRESSED,
        MessageStatus.EXPIRED,
    }
    assert states[MessageStatus.SENT] > 800


def test_every_kind_of_message_reply_and_task_is_there(clinic: Made) -> None:
    with clinic.database.read() as session:
        messages = session.scalars(select(Message)).all()
        came_in = set(session.scalars(select(InboundMessage.understood)))
        stopped = set(session.scalars(select(StoppedAddress.reason)))
        waiting = set(session.scalars(select(StaffTask.kind).where(StaffTask.done_at.is_(None))))
    assert {(one.channel, one.purpose) for one in messages} >= {
        (Channel.EMAIL, Purpose.INVITATION),
        (Channel.SMS, Purpose.BOOKING_CONFIRMATION),
        (Channel.SMS, Purpose.REMINDER),
        (Channel.SMS, Purpose.ANSWER),
    }
    texts = Counter(one.status for one in messages if one.channel is Channel.SMS)
    assert texts.keys() >= {MessageStatus.SENT, MessageStatus.DEAD, MessageStatus.UNKNOWN}
    words = {"confirm", "accepted", "change", "stop", "cancel", "help", "unclear", "declined", "bounced"}
    assert came_in >= words
    assert stopped == {"stop", "bounce"}
    assert waiting >= {
        TaskKind.CHANGE_ASKED,
        TaskKind.DECLINED,
        TaskKind.TEXTS_STOPPED,
        TaskKind.REPLY_UNCLEAR,
        TaskKind.UNREACHABLE,
    }


def test_texts_go_to_those_who_agreed_and_never_twice_a_day(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        agreed = set(
            session.scalars(select(ContactChoice.patient_id).where(ContactChoice.topic == Topic.SMS))
        )
        texts = session.scalars(
            select(Message).where(Message.channel == Channel.SMS, Message.purpose != Purpose.ANSWER)
        ).all()
    assert {one.patient_id for one in texts if one.request_id is None} <= agreed
    days = Counter(
        (one.patient_id, one.request_id, one.sent_at.astimezone(ZONE).date())
        for one in texts
        if one.sent_at is not None
    )
    assert max(days.values()) == 1


def test_messages_say_what_was_sent_and_every_try_has_its_row(clinic: Made) -> None:
    with clinic.database.read() as session:
        messages = session.scalars(select(Message)).all()
        tries = Counter(session.scalars(select(MessageAttempt.message_id)))
        mails = [one for one in messages if one.channel is Channel.EMAIL]
        confirmations = sum(one.purpose is Purpose.BOOKING_CONFIRMATION for one in mails)
        assert confirmations == session.scalar(select(func.count(Course.id)))
    waiting = {one.id for one in messages if one.due_at > clinic.now}
    assert tries == Counter(one.id for one in messages if one.id not in waiting)
    for one in messages:
        assert one.created_at <= clinic.now
        if one.status is MessageStatus.SENT:
            assert one.sent_at is not None and one.created_at <= one.sent_at <= clinic.now
            is_kept = one.created_at > clinic.now - timedelta(days=89)
            assert not is_kept or one.body is not None
            assert not is_kept or one.channel is Channel.SMS or one.message_id.encode() in (one.body or b"")
        else:
            assert one.reason or one.id in waiting


def test_a_confirmation_names_the_dates_as_they_were_booked(clinic: Made) -> None:
    with clinic.database.read() as session:
        moved = session.scalars(select(Infusion).where(Infusion.schedule_version == 2)).first()
        assert moved is not None
        message = session.scalars(
            select(Message).where(Message.course_id == moved.course_id, Message.channel == Channel.EMAIL)
        ).one()
    told = {visit["infusion_id"]: visit for visit in message.facts["visits"]}
    assert told[moved.id]["starts_at"] != moved.starts_at.isoformat()
    assert told[moved.id]["schedule_version"] == 1
    assert [moved.id, 1] in [told[:2] for told in message.facts["rendered_for"]]


def test_patients_can_be_found_and_lack_what_real_ones_lack(clinic: Made) -> None:
    with clinic.database.read() as session:
        patients = session.scalars(select(Patient)).all()
        with_keys = set(session.scalars(select(PatientSearchKey.patient_id)))
    assert {one.id for one in patients} == with_keys
    assert (
        len({one.name for one in patients}) == len({one.record_number for one in patients}) == len(patients)
    )
    emails, phones = [one.email for one in patients], [one.phone for one in patients]
    assert 2 <= emails.count(None) <= 25 and 2 <= phones.count(None) <= 25
    assert len(set(emails)) == len(patients) - emails.count(None) + 1
    assert all(phone is None or phone[5:10] == "55501" for phone in phones)
    assert any(not one.name.isascii() for one in patients)
    assert {one.language for one in patients} == {"en", "es"}


def test_a_chart_was_opened_in_an_emergency_given_back_and_looked_at(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        row = session.scalars(select(EmergencyAccess)).one()
        looks = session.scalars(select(AuditEvent.at).where(AuditEvent.action == "emergency.read")).all()
        task = session.scalars(select(StaffTask).where(StaffTask.kind == TaskKind.CHART_OPENED)).one()
    assert row.opened_at <= min(looks) < max(looks) < row.ended_at < row.seen_at < any_clinic.now
    assert task.done_at == row.seen_at
