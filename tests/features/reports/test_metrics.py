"""Prometheus reads how many and how old, with a token of its own, and learns nothing of anybody."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from scheduler.actor import COMMAND, Actor
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.access_tokens import create_token, revoke_token
from scheduler.features.outbox.actions.pause import pause
from scheduler.features.tasks.actions import raise_task
from scheduler.models import Alert, AlertKind, AuditCheck, MessageStatus, WorkerTick
from tests.features.conftest import clinic
from tests.support.booked import confirm, make_course
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import cheap_app, sign_in

__all__ = ["clinic"]
Series = dict[tuple[str, str], float]


@pytest.fixture
def client(config: Config, database: Database, clinic: SmallClinic) -> FlaskClient:
    return cheap_app(config, database).test_client()


def token(database: Database, kind: str = "metrics") -> str:
    with database.write() as session:
        scopes = ["patients:read"] if kind == "api" else []
        return create_token(session, COMMAND, NOW, kind=kind, name="Prometheus", scopes=scopes)[1]


def ask(client: FlaskClient, raw: str) -> tuple[int, str]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {raw}"})
    return answer.status_code, answer.text


def series(text: str) -> Series:
    """All values by name and labels (by their names' order), read by the client library's own parser."""
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_waits_how_long_and_whether_the_worker_lives(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    raw = token(database)
    empty = series(ask(client, raw)[1])
    assert ("sixfold_worker_tick_age_seconds", "") not in empty, "no worker ever ran"
    with database.write() as session:
        for number, status in enumerate((MessageStatus.QUEUED, MessageStatus.DEAD)):
            course, visits = make_course(session, clinic, [NOW + timedelta(days=3 + 3 * number)])
            confirm(session, course, visits, NOW - timedelta(minutes=10)).status = status
        session.add(WorkerTick(worker="w", started_at=NOW, last_tick_at=NOW - timedelta(seconds=40), ticks=1))
        raise_task(session, NOW, kind="unreachable", dedupe_key="x", site_id=clinic.site.id)
        pause(session, Actor(None, "Rosa"), NOW, "Test")
    status, text = ask(client, raw)
    found = series(text)
    assert status == 200
    assert found["sixfold_messages", "email,booking_confirmation,queued"] == 1
    assert found["sixfold_messages", "email,booking_confirmation,dead"] == 1
    assert found["sixfold_messages_due", ""] == 1
    assert found["sixfold_message_oldest_due_age_seconds", ""] == 600
    assert found["sixfold_worker_tick_age_seconds", ""] == 40 and found["sixfold_workers", ""] == 1
    assert found["sixfold_tasks_open", "unreachable"] == 1 and found["sixfold_tasks_open", "declined"] == 0
    assert found["sixfold_courses", "active"] == 2 and found["sixfold_visits", "scheduled"] == 2
    assert found["sixfold_sending_paused", ""] == 1
    assert found["sixfold_alerts_open", ""] == 0 and found["sixfold_audit_trail_broken", ""] == 0
    for word in ("Marta", "Lindqvist", "marta1", "RV-00001", "Riverside", "555"):
        assert word not in text


def test_only_a_living_token_for_metrics_opens_them(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    raw, other = token(database), token(database, "api")
    assert ask(client, raw)[0] == 200
    assert [ask(client, wrong)[0] for wrong in ("", "x", other)] == [401] * 3
    sign_in(client, database, clinic.users["administrator"])
    assert client.get("/metrics").status_code == 401, "a cookie is no token"
    assert client.get("/api/v1/patients", headers={"Authorization": f"Bearer {raw}"}).status_code == 401
    with database.write() as session:
        revoke_token(session, COMMAND, NOW, 1)
    assert ask(client, raw)[0] == 401


def test_an_alert_nobody_has_acknowledged_and_a_broken_trail_are_told(
    client: FlaskClient, database: Database, clinic: SmallClinic
) -> None:
    raw = token(database)
    with database.write() as session:
        course, _visits = make_course(session, clinic, [NOW + timedelta(days=3)])
        for hours, done in ((3, None), (9, "Called her")):
            at = NOW - timedelta(hours=hours)
            session.add(
                Alert(
                    kind=AlertKind.WORSENING, patient_id=course.patient_id, course_id=course.id, raised_at=at,
                    dedupe_key=f"{hours}", acknowledged_at=at if done else None, what_was_done=done,
                )
            )  # fmt: skip
        session.add(AuditCheck(asked_at=NOW, finished_at=NOW, problem="One of them at least was changed."))
    text = ask(client, raw)[1]
    found = series(text)
    assert found["sixfold_alerts_open", ""] == 1 and found["sixfold_audit_trail_broken", ""] == 1
    assert found["sixfold_alert_oldest_open_age_seconds", ""] == 3 * 3600
    assert "worsening" not in text
