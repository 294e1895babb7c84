"""A chart that the front desk opens in an emergency: for one person, for a while, with a reason, and told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import AuditEvent, EmergencyAccess, StaffTask
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, small_clinic
from tests.support.sign_in import cheap_app, csrf_token, sign_in
from tests.support.visits import add_six

WHY = "She collapsed at the door and nobody else is here"


@pytest.fixture
def moment() -> Iterator[Traveller]:
    """The clinic's clock."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clinic(moment: Traveller, sqlite: Database) -> SmallClinic:
    """With a charted visit, and another patient."""
    with sqlite.write() as session:
        found = small_clinic(session)
        add_six(session, found, [TODAY])
        make_patient(session, found.site, 2, given_name="Otto", family_name="Vogel")
    return found


@pytest.fixture
def people(config: Config, sqlite: Database, clinic: SmallClinic) -> dict[str, FlaskClient]:
    """Each role with its browser; the nurse has charted a dose and an event."""
    app = cheap_app(config, sqlite)
    found = {}
    for role, user in clinic.users.items():
        found[role] = app.test_client()
        sign_in(found[role], sqlite, user)
    post(found["nurse"], "/infusions/1/log/dose", seen="0", weight_g="71", dose_ug_per_kg="0.5", minutes="40")
    event = {"key": "key-of-an-event", "term": "Nausea", "onset_at": "", "grade": "1", "action": "none"}
    post(found["nurse"], "/infusions/1/log/rows/events", **event, outcome="resolved", note="")
    post(found["nurse"], "/infusions/1/log/cautions", kind="allergy", words="penicillin")
    return found


def post(client: FlaskClient, path: str, **fields: str):  # type: ignore[no-untyped-def]
    """Send a form of ours."""
    return client.post(path, data={**fields, "csrf_token": csrf_token(client)})


def deeds(database: Database) -> list[tuple[str, object]]:
    """What the trail says of emergencies, with the opening it belongs to."""
    with database.read() as session:
        rows = session.scalars(
            select(AuditEvent).where(AuditEvent.action.startswith("emergency.")).order_by(AuditEvent.id)
        )
        return [(row.action, row.detail.get("access")) for row in rows]


@pytest.mark.parametrize("role", ["front_desk", "administrator"])
def test_one_chart_opens_with_a_reason_and_every_look_at_it_is_in_the_trail(
    people: dict[str, FlaskClient], sqlite: Database, role: str
) -> None:
    desk = people[role]
    assert post(desk, "/emergency", number="rv-00001", reason=WHY).location == "/emergency/1"
    for _ in range(2):
        page = desk.get("/emergency/1").text
        assert "penicillin" in page and "Nausea" in page and "0.5" in page
    assert deeds(sqlite) == [("emergency.opened", None), ("emergency.read", 1), ("emergency.read", 1)]
    assert "Every look at it is recorded" in desk.get("/emergency").text
    assert desk.get("/infusions/1/log").status_code == 403
    assert post(desk, "/infusions/1/log/dose", seen="1", weight_g="70").status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {"number": "RV-00001", "reason": "  "},
        {"number": "RV-00001", "reason": "x" * 301},
        {"number": "RV-99999", "reason": WHY},
        {"number": "", "reason": WHY},
        {"family_name": "Lindqvist", "born": "1986-03-15", "reason": WHY},
        {"family_name": "Lindqvist", "born": "yesterday", "reason": WHY},
    ],
)
def test_nothing_opens_without_a_reason_or_without_one_certain_person(
    people: dict[str, FlaskClient], sqlite: Database, sent: dict[str, str]
) -> None:
    answer = post(people["front_desk"], "/emergency", **sent)
    assert answer.status_code == 422 and "Lindqvist, " not in answer.text
    with sqlite.read() as session:
        assert session.scalars(select(EmergencyAccess)).all() == []


def test_it_is_over_after_its_time_when_it_is_given_back_and_when_another_is_opened(
    people: dict[str, FlaskClient], moment: Traveller
) -> None:
    desk = people["front_desk"]
    post(desk, "/emergency", family_name="lindqvist", born="1986-03-14", reason=WHY)
    assert people["administrator"].get("/emergency/1").status_code == 404
    post(desk, "/emergency", number="RV-00002", reason=WHY)
    assert desk.get("/emergency/1").status_code == 404
    assert "Otto Vogel" in desk.get("/emergency/2").text
    post(desk, "/emergency/end")
    assert desk.get("/emergency/2").status_code == 404
    assert "Every look at it is recorded" not in desk.get("/emergency").text
    post(desk, "/emergency", number="RV-00001", reason=WHY)
    for minutes in (14, 14, 14, 14):  # In use, so that the log-in does not lock.
        moment.shift(timedelta(minutes=minutes))
        assert desk.get("/emergency/3").status_code == 200
    moment.shift(timedelta(minutes=4))
    assert desk.get("/emergency/3").status_code == 404


def test_clinicians_get_a_task_that_only_what_they_found_settles(
    people: dict[str, FlaskClient], sqlite: Database
) -> None:
    post(people["front_desk"], "/emergency", number="RV-00001", reason=WHY)
    assert "Look at it" in people["clinician"].get("/tasks").text
    assert "/emergency/opened" not in people["front_desk"].get("/tasks").text
    assert "collapsed" not in people["front_desk"].get("/tasks").text
    assert post(people["front_desk"], "/tasks/1/settle", outcome="Done").status_code == 422
    assert people["front_desk"].get("/emergency/opened").status_code == 403
    listed = people["administrator"].get("/emergency/opened").text
    assert WHY in listed and "RV-00001" in listed and "Lindqvist" not in listed
    assert "Lindqvist" in people["clinician"].get("/emergency/opened").text
    assert post(people["clinician"], "/emergency/1/seen", note=" ").status_code == 422
    assert post(people["clinician"], "/emergency/1/seen", note="It was right").status_code == 303
    assert post(people["clinician"], "/emergency/1/seen", note="Again").status_code == 409
    assert "It was right" in people["administrator"].get("/emergency/opened").text
    with sqlite.read() as session:
        assert session.scalars(select(StaffTask.outcome)).all() == ["A clinician looked at it."]


def test_who_may_read_charts_anyway_is_led_there(
    people: dict[str, FlaskClient], sqlite: Database, clinic: SmallClinic
) -> None:
    assert people["nurse"].get("/emergency").status_code == 403
    assert "Emergency" not in people["nurse"].get("/patients/1").text
    assert "/emergency?number=RV-00001" in people["front_desk"].get("/patients/1").text


def test_that_no_allergy_is_known_is_said_in_an_emergency(people: dict[str, FlaskClient]) -> None:
    post(people["nurse"], "/infusions/1/log/cautions", strike="1")
    post(people["nurse"], "/infusions/1/log/cautions", kind="no_allergies", words="")
    post(people["front_desk"], "/emergency", number="rv-00001", reason=WHY)
    page = people["front_desk"].get("/emergency/1").text
    assert "None known" in page and "penicillin" not in page
