"""The front desk sees that something is due and never what it says: not a page, a file, a program or the
trail tells it (SECURITY.md 1, CLINICAL.md 7). Everything is written through the clinic's own forms first.
"""

import json
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.access_tokens import create_token
from scheduler.features.accounts.scopes import SCOPES
from scheduler.models import AuditEvent, Message, StaffTask
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import cheap_app, csrf_token, sign_in
from tests.web.api.routes import API_ROUTES
from tests.web.route import CHARTING
from tests.web.routes import ROUTES

LOG = "/infusions/1/log"
WRITTEN = (
    (
        f"{LOG}/dose",
        {"seen": "0", "weight_g": "71.37", "dose_ug_per_kg": "0.53", "minutes": "43", "lot": "LOT-MARK"},
    ),
    (f"{LOG}/vitals", {"key": "mark-vitals", "sbp": "187", "dbp": "113", "pulse": "72"}),
    (
        f"{LOG}/rows/events",
        {
            "key": "mark-event", "term": "Nausea", "onset_at": "", "grade": "3", "action": "none",
            "outcome": "resolved", "note": "EVENT-MARK",
        },
    ),
    ("/infusions/1/log/cautions", {"kind": "allergy", "words": "ALLERGY-MARK"}),
    ("/courses/1/medicines", {"name": "MEDICINE-MARK", "dose": "100 mg"}),
)  # fmt: skip
SAID = re.compile(
    r"71\.37|0\.53|37\.8|LOT-MARK|187/113|\b187\b|Nausea|EVENT-MARK|ALLERGY-MARK|MEDICINE-MARK"
    r"|moderately severe|17 of 21|GAD-7: 17|item_9|[Ww]orsening|self-harm",
)
OWN_WORDS = {"/components", "/emergency/<int:access_id>"}
"""The parts with their invented examples; and what is opened in an emergency, which is the exception."""


@pytest.fixture
def charted(config: Config, sqlite: Database, filled: SmallClinic) -> Iterator[dict[str, FlaskClient]]:
    """The clinic of the table of routes after a visit that went badly, and a browser for each role."""
    with time_machine.travel(NOW, tick=False):
        app = cheap_app(config, sqlite)
        found = {role: app.test_client() for role in filled.users}
        for role, client in found.items():
            sign_in(client, sqlite, filled.users[role])
        rating = next(r for r in ROUTES if r.method == "POST" and r.rule.endswith("/ratings/<slot>/<code>"))
        answers = {name: "3" for name in rating.form if re.fullmatch(r"[a-z]*\d+", name)}
        for path, form in (*WRITTEN, (rating.path, {**rating.form, **answers})):
            data = {**form, "csrf_token": csrf_token(found["nurse"])}
            assert found["nurse"].post(path, data=data).status_code == 303, path
        yield found


def test_the_front_desk_reads_nothing_of_a_chart_anywhere(charted: dict[str, FlaskClient]) -> None:
    assert len(set(SAID.findall(charted["nurse"].get(LOG).text))) >= 5
    told = {}
    for route in ROUTES:
        if route.method == "GET" and route.rule not in OWN_WORDS:
            page = charted["front_desk"].get(route.path, buffered=True)
            if found := SAID.findall(page.text):
                told[route.path] = found
    assert told == {}


def test_no_program_message_task_or_row_of_the_trail_says_it(
    charted: dict[str, FlaskClient], sqlite: Database
) -> None:
    with sqlite.write() as session:
        _, raw = create_token(session, COMMAND, NOW, kind="api", name="All", scopes=list(SCOPES))
    client = charted["nurse"].application.test_client()
    for route in API_ROUTES:
        if route.method == "GET":
            answer = client.get(route.path, headers={"Authorization": f"Bearer {raw}"})
            assert answer.status_code == 200 and not SAID.search(answer.text), route.path
    with sqlite.read() as session:
        details = session.execute(select(AuditEvent.action, AuditEvent.detail)).all()
        words = [json.dumps(row.facts) for row in session.scalars(select(StaffTask))]
        words += [str(body) for body in session.scalars(select(Message.body))]
    values = re.compile(SAID.pattern.replace("|item_9|[Ww]orsening", ""))  # A kind of alert is no contents.
    assert [row for row in details if values.search(json.dumps(row.detail))] == []
    assert [text for text in words if SAID.search(text)] == []


CHARTS = re.compile(r"<int:(course|infusion|patient|alert|access)_id>")


def test_every_look_at_a_patient_is_said_to_be_one_in_the_table() -> None:
    silent = [
        str(route)
        for route in ROUTES
        if route.method == "GET"
        and CHARTS.search(route.rule)
        and not route.about
        and route.status == 200
        # The patient's own pages note each opening by a device, not each look (portal/pages/browser.py).
        and not route.rule.startswith("/my/")
    ]
    assert silent == []


def test_the_pages_of_a_chart_are_closed_to_the_front_desk_and_to_administrators() -> None:
    clinical = [
        route
        for route in ROUTES
        if re.search(
            r"/log(?:[/.]|$)|/medicines|/courses/<int:course_id>/ratings|/review|/alerts|fhir", route.rule
        )
    ]
    settings = [route for route in clinical if route.rule.startswith("/settings")]
    open_wide = [
        str(r)
        for r in clinical
        if r not in settings and not r.opens <= CHARTING and not r.rule.endswith("/link")
    ]
    assert open_wide == []
