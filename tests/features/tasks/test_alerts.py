"""Clinical alerts: raised once for what they stand on, ended by a clinician's own words."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.features.tasks.alerting.causes import Cause
from scheduler.features.tasks.alerting.settle import settle_alerts
from scheduler.features.tasks.alerts import open_alerts
from scheduler.models import Alert, AlertKind, AuditEvent
from tests.support.clinic import NOW, small_clinic
from tests.support.visits import add_course

NOBODY = Actor(None, "A patient")
WORSE, ITEM_9 = AlertKind.WORSENING, AlertKind.ITEM_9
LATER = NOW + timedelta(hours=1)


def worse(*covers: str, level: int = 18, kind: AlertKind = WORSE) -> Cause:
    """A worsening of an instrument whose step is 6, over these ratings."""
    return Cause(kind, "gad7:1", covers, level, 6, {"total": level})


def settle(session: Session, causes: Sequence[Cause], kind: AlertKind = WORSE) -> list[Alert]:
    return settle_alerts(session, NOBODY, NOW, 1, [kind], causes)


@pytest.fixture
def marsh(database: Database) -> Actor:
    """The clinician of a clinic with course 1."""
    with database.write() as session:
        clinic = small_clinic(session)
        add_course(session, clinic)
        return Actor(clinic.users["clinician"].id, "Clinician")


def test_the_same_facts_raise_once_and_what_follows_brings_the_alert_up_to_date(
    database: Database, marsh: Actor
) -> None:
    with database.write() as session:
        (first,) = settle(session, [worse("weekly-1")])
        assert settle(session, [worse("weekly-1")]) == []
        (same,) = settle(session, [worse("weekly-1", "weekly-2", level=20)])
        assert (same.id, same.level, len(same.history)) == (first.id, 20, 1)
    with database.read() as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions == ["alert.raised", "alert.changed"]


def test_an_acknowledged_worsening_is_raised_again_only_by_another_step_or_another_stretch(
    database: Database, marsh: Actor
) -> None:
    with database.write() as session:
        (first,) = settle(session, [worse("weekly-1", level=12)])
        acknowledge(session, marsh, LATER, first.id, "  Called,\nseen today. ")
        assert first.what_was_done == "Called, seen today."
        assert settle(session, [worse("weekly-1", "weekly-2", level=17)]) == []
        (deeper,) = settle(session, [worse("weekly-1", "weekly-2", level=18)])
        assert deeper.id != first.id
        (other,) = settle(session, [worse("weekly-1", "weekly-2", level=18), worse("weekly-5", level=12)])
        assert other.covers == ["weekly-5"]


def test_a_correction_withdraws_what_waits_and_not_what_was_acknowledged_and_it_can_come_back(
    database: Database, marsh: Actor
) -> None:
    with database.write() as session:
        waits, done = settle(session, [worse("weekly-1"), worse("weekly-3")])
        acknowledge(session, marsh, LATER, done.id, "Called")
        settle(session, [])
        assert [row.withdrawn_at for row in (waits, done)] == [NOW, None]
        with pytest.raises(ConflictError, match="was withdrawn meanwhile"):
            acknowledge(session, marsh, LATER, waits.id, "Called")
        settle(session, [worse("weekly-1", level=15)])
        assert (waits.withdrawn_at, waits.level) == (None, 15)
        assert [entry["did"] for entry in waits.history] == ["withdrawn", "raised_again"]


def test_an_answer_about_self_harm_stays_until_a_clinician_ends_it_whatever_is_corrected(
    database: Database, marsh: Actor
) -> None:
    with database.write() as session:
        settle(session, [worse("baseline", kind=ITEM_9)], ITEM_9)
        assert settle(session, [], ITEM_9) == []
        assert [alert.kind for alert in open_alerts(session, [ITEM_9])] == [ITEM_9]
        assert open_alerts(session, [WORSE]) == []


def test_an_alert_stays_until_somebody_says_what_was_done_and_the_second_is_told(
    database: Database, marsh: Actor
) -> None:
    with database.write() as session:
        (alert,) = settle(session, [worse("weekly-1")])
        with pytest.raises(RuleError, match="Say what was done"):
            acknowledge(session, marsh, NOW, alert.id, " ")
        acknowledge(session, marsh, NOW, alert.id, "Called")
        with pytest.raises(ConflictError, match="Clinician has acknowledged this alert already: “Called”"):
            acknowledge(session, marsh, NOW, alert.id, "Called again")
        with pytest.raises(NotFoundError):
            acknowledge(session, marsh, NOW, 99, "Called")


def test_two_workers_that_see_it_at_once_raise_one(database: Database, marsh: Actor) -> None:
    ready = threading.Barrier(2)

    def work() -> None:
        ready.wait(10)
        with database.write() as session:
            settle(session, [worse("weekly-1")])

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with database.read() as session:
        assert [alert.dedupe_key for alert in session.scalars(select(Alert))] == [
            "worsening:course:1:gad7:1:1"
        ]
