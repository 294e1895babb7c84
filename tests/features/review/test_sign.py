"""Signing: what must be there, what nobody may change afterwards, and what may still be said."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.infusion_logs.actions.vitals import Measured, add_reading
from scheduler.features.ratings.actions.record import record
from scheduler.features.ratings.entry import RatingEntry
from scheduler.features.ratings.instruments import ANXIETY_NOW, GAD7
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.queries.links import Stage, opened
from scheduler.features.review.actions.beside import Said, add_addendum, co_sign
from scheduler.features.review.actions.sign import sign_log
from scheduler.features.review.queries.record import course_record, log_record
from scheduler.features.review.queries.verify import verify
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.models import (
    AdverseEvent,
    Alert,
    AlertKind,
    AuditEvent,
    CognitiveRun,
    Course,
    CourseStatus,
    GivenReason,
    Infusion,
    InfusionLog,
    LogStatus,
    Rating,
    RatingLink,
    RunState,
    SignedRecord,
    TimePoint,
    VitalSigns,
)
from scheduler.rendering.canonical import facts_digest
from scheduler.tokens import token_hash
from tests.support.clinic import NOW, make_user
from tests.support.course_logs import Signer, signer
from tests.support.task_runs import add_run

HOUR = timedelta(hours=1)


def rate(over: Signer, slot: Slot, rated_at: datetime, **more: Any) -> Rating:
    """The first GAD-7 or "anxiety now" of a slot, as Ben enters it."""
    weekly = slot.point is TimePoint.WEEKLY
    instrument, answers = (GAD7, (1,) * 7) if weekly else (ANXIETY_NOW, (3,))
    with over.database.write() as session:
        entry = RatingEntry(slot, instrument.key, answers, rated_at, "en", **more)
        return record(session, over.ben, NOW + HOUR, over.course_id, entry)


def test_one_signature_signs_the_course_and_all_its_logs_and_the_trail_knows_the_digest(over: Signer) -> None:
    over.give_all_reasons()
    row = over.sign()
    with over.database.read() as session:
        states = session.scalars(select(InfusionLog.status).order_by(InfusionLog.id)).all()
        facts = course_record(session, over.course_id, NOW + HOUR)
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "course_log.signed")).one()
    assert set(states) == {LogStatus.SIGNED}
    by = {"id": over.ada.user_id, "name": "Clinician"}
    assert facts["signature"] == {"by": by, "at": facts["signed_at"], "digest": row.digest}
    assert set(facts["log_digests"].values()) == {one["digest"] for one in facts["log_signatures"].values()}
    assert trail.detail == {"digest": row.digest}
    with pytest.raises(ConflictError, match="Clinician has signed this already"):
        over.sign(row.digest)


def test_the_same_course_has_the_same_digest_on_both_databases(fast: Signer, postgres_url: str) -> None:
    other = Database(postgres_url)
    assert facts_digest(fast.facts()) == facts_digest(signer(other).facts())
    other.dispose()


def test_what_is_missing_keeps_a_course_from_being_signed(fast: Signer) -> None:
    def refused(why: str) -> None:
        with pytest.raises(RuleError, match=why):
            fast.sign()

    refused("two hours after infusion no. 1|before the first infusion")
    fast.give_all_reasons()
    with fast.database.write() as session:
        alert = Alert(kind=AlertKind.ITEM_9, patient_id=fast.clinic.patient.id, course_id=fast.course_id,
                      dedupe_key="item_9", raised_at=NOW)  # fmt: skip
        session.add(alert)
        log = session.scalars(select(InfusionLog).order_by(InfusionLog.id)).first()
        assert log
        log.status, log.completed_at = LogStatus.DRAFT, None
    refused("An open alert about being better off dead")
    with fast.database.write() as session:
        acknowledge(session, fast.ada, NOW, 1, "Called at once, safe, seen the same day")
    refused("Log of no. 1")
    with fast.database.write() as session:
        session.execute(update(InfusionLog).values(status=LogStatus.COMPLETE, completed_at=NOW))
        session.get_one(Course, fast.course_id).status = CourseStatus.ACTIVE
    refused("The course goes on")
    with fast.database.write() as session:
        session.get_one(Course, fast.course_id).status = CourseStatus.COMPLETED
    assert fast.sign().infusion_id is None


def test_who_signs_has_seen_what_is_signed(over: Signer) -> None:
    over.give_all_reasons()
    seen = facts_digest(over.facts())
    with over.database.write() as session:
        measured = Measured("a late one", taken_at=NOW - timedelta(days=12), sbp=130, dbp=85)
        add_reading(session, over.ben, NOW, over.visits[5], measured)
        session.execute(update(InfusionLog).values(status=LogStatus.COMPLETE, completed_at=NOW))
    with pytest.raises(ConflictError, match="Something was charted since"):
        over.sign(seen)
    assert over.sign().infusion_id is None


def test_a_signed_log_takes_no_reading_and_no_change_past_the_code(over: Signer) -> None:
    with over.database.write() as session:
        seen = facts_digest(log_record(over.facts(), over.visits[0]))
        sign_log(session, over.ada, NOW, over.course_id, over.visits[0], seen)
    with pytest.raises(RuleError, match="becomes an addendum"), over.database.write() as session:
        add_reading(session, over.ben, NOW, over.visits[0], Measured("late", sbp=120, dbp=80))
    log = 1
    vitals = {"log_id": log, "key": "new", "taken_at": NOW, "entered_at": NOW, "withdrawn": False}
    for change in (
        update(InfusionLog).where(InfusionLog.id == log).values(weight_g=71_000),
        update(InfusionLog).where(InfusionLog.id == log).values(status=LogStatus.DRAFT, completed_at=None),
        delete(InfusionLog).where(InfusionLog.id == log),
        insert(VitalSigns).values(**vitals),
        update(AdverseEvent).where(AdverseEvent.log_id == log).values(grade=2),
        update(AdverseEvent).where(AdverseEvent.log_id == log + 1).values(log_id=log, key="moved"),
        delete(AdverseEvent).where(AdverseEvent.log_id == log),
        update(SignedRecord).values(digest="0"),
        delete(SignedRecord),
    ):
        _refused(over, change)
    with over.database.write() as session:
        session.execute(update(AdverseEvent).where(AdverseEvent.log_id == log + 1).values(grade=2))


def test_a_signed_course_takes_no_change_past_the_code(over: Signer) -> None:
    with over.database.write() as session:
        add_run(session, session.get_one(Course, over.course_id), NOW - timedelta(days=30))
    over.give_all_reasons()
    over.sign()
    reason = {"course_id": over.course_id, "gap": "x", "reason": "y", "given_at": NOW}
    for change in (
        update(Rating).values(total=1),
        delete(Rating),
        update(CognitiveRun).values(score={"value": 90}),
        delete(CognitiveRun),
        update(Infusion).values(stopped_early=True),
        update(Course).values(status_reason="Nothing was wrong"),
        insert(GivenReason).values(**reason, given_by_id=over.ada.user_id),
        update(GivenReason).values(reason="y"),
    ):
        _refused(over, change)


def _refused(over: Signer, change: Any) -> None:
    with pytest.raises((IntegrityError, ConflictError)), over.database.write() as session:
        session.execute(change)


def test_ratings_of_a_signed_course_are_closed_but_for_the_weeks_after(over: Signer) -> None:
    over.give_all_reasons()
    over.sign()
    post = Slot(TimePoint.POST_2H, over.visits[0])
    with over.database.read() as session:
        start = session.get_one(Infusion, over.visits[0]).starts_at
    with pytest.raises(RuleError, match="The course log is signed"):
        rate(over, post, start + timedelta(hours=3))
    week = Slot(TimePoint.WEEKLY, week=1)
    first = rate(over, week, NOW - timedelta(days=3))
    again = rate(over, week, NOW - timedelta(days=3), replaces=first.id, reason="Misread")
    assert again.id != first.id
    assert over.facts()["ratings"] == over.facts(NOW - HOUR)["ratings"]


def test_short_tasks_are_signed_with_what_was_done_on_what_and_the_weeks_after_go_on(over: Signer) -> None:
    weekly = {"time_point": TimePoint.WEEKLY, "week": 1}
    with over.database.write() as session:
        course = session.get_one(Course, over.course_id)
        add_run(session, course, NOW - timedelta(days=30), form=3, reason="reload")
        add_run(session, course, NOW - timedelta(days=29))
        state = {"state": RunState.BEGUN, "score": None, "responses": []}
        heard_late = add_run(
            session, course, NOW - HOUR, **weekly, **state, form=9, ended_at=None, heard_at=None
        ).id
    over.give_all_reasons()
    over.sign()
    with over.database.write() as session:
        run = session.get_one(CognitiveRun, heard_late)
        run.state, run.reason = RunState.INTERRUPTED, "connection"
        run.ended_at, run.heard_at = NOW - HOUR / 2, NOW + HOUR
    with over.database.read() as session:
        broken, done = course_record(session, over.course_id, NOW + HOUR)["tasks"]
        assert verify(session).misfits == ()
    assert (broken["state"], broken["reason"], broken["form"], broken["score"]) == (
        "interrupted", "reload", 3, None,
    )  # fmt: skip
    assert (done["device"], done["input"]) == ({"height": 844, "touch": True, "width": 390}, "touch")
    assert (done["score"]["value"], done["unit"], len(done["answers_digest"])) == (19, "right in 90 s", 64)
    late = {"form": 10, "infusion_id": over.visits[0], "time_point": TimePoint.PRE}
    with pytest.raises((IntegrityError, ConflictError)), over.database.write() as session:
        add_run(session, session.get_one(Course, over.course_id), NOW, **late)


def test_a_link_is_closed_after_sign_off_and_a_used_one_says_so(fast: Signer) -> None:
    fast.give_all_reasons()
    fast.sign()
    with fast.database.write() as session:
        for raw, used in (("new", None), ("used", NOW)):
            session.add(
                RatingLink(token_hash=token_hash(raw), course_id=fast.course_id, infusion_id=fast.visits[5],
                           time_point=TimePoint.DAY_2_7, created_at=NOW, expires_at=NOW + HOUR, used_at=used)
            )  # fmt: skip
    with fast.database.read() as session:
        assert [opened(session, raw, NOW).stage for raw in ("new", "used")] == [Stage.CLOSED, Stage.USED]


def test_an_addendum_stands_beside_what_it_speaks_of_and_counts_once(over: Signer) -> None:
    said = Said("The weight was 71 kg", "Misread scale", "a-key", over.visits[0])

    def add(said: Said, session: Session) -> None:
        add_addendum(session, over.ada, NOW, over.course_id, said)

    with pytest.raises(RuleError, match="not signed yet"), over.database.write() as session:
        add(said, session)
    over.give_all_reasons()
    over.sign()
    for _ in range(2):
        with over.database.write() as session:
            add(said, session)
    with pytest.raises(RuleError, match="Write why"), over.database.write() as session:
        add(Said("Other words", "", "another"), session)
    with over.database.read() as session:
        facts = course_record(session, over.course_id, NOW)
    (one,) = facts["addenda"]
    assert (one["number"], one["words"], one["reason"]) == (1, "The weight was 71 kg", "Misread scale")
    assert facts["visits"][0]["log"]["weight_g"] == 70_000


def test_the_second_signature_is_another_clinicians(over: Signer) -> None:
    over.give_all_reasons()
    over.sign()
    with over.database.write() as session:
        with pytest.raises(RuleError, match="another clinician"):
            co_sign(session, over.ada, NOW, over.course_id)
        eve = make_user(session, over.clinic.users["clinician"].roles[0].role, over.clinic.site, "Eve")
        second = Actor(eve.id, eve.name)
        co_sign(session, second, NOW, over.course_id)
        with pytest.raises(ConflictError, match="Eve has signed second already"):
            co_sign(session, second, NOW, over.course_id)


def test_an_alert_that_came_after_the_moment_of_a_record_is_no_part_of_it(fast: Signer) -> None:
    with fast.database.write() as session:
        session.add(
            Alert(
                kind=AlertKind.RELAPSE,
                patient_id=fast.clinic.patient.id,
                course_id=fast.course_id,
                dedupe_key="relapse",
                raised_at=NOW,
            )
        )
    with fast.database.read() as session:
        told = [course_record(session, fast.course_id, at)["alerts"] for at in (NOW - HOUR, NOW)]
    assert [len(alerts) for alerts in told] == [0, 1]
