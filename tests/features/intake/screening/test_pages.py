"""What a clinician sees while they type and decide: nothing typed is lost, and the page counts along."""

import re
from collections.abc import Mapping

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.db import Database
from scheduler.models import AuditEvent
from tests.features.conftest import SignedIn
from tests.support.clinic import SmallClinic, make_patient
from tests.support.requests import make_request
from tests.support.screenings import SUITABLE, begun, signed
from tests.support.sign_in import csrf_token

SCRIPT = {"Accept": "application/json"}


def post(
    client: FlaskClient, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> TestResponse:
    """Send a form, as the browser or, with its headers, the page's script does."""
    return client.post(path, data={**form, "csrf_token": csrf_token(client)}, headers=headers)


def test_the_script_is_told_what_counts_now_and_the_crisis_notice(
    sqlite: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    with sqlite.write() as session:
        begun(session, clinic, {"worry": "yes"})
    answer = post(
        as_role("clinician"), "/screenings/1/parts/risks", {"seen": "1", "suicidality": "yes"}, SCRIPT
    ).json
    assert answer is not None
    assert answer["saved"] and answer["version"] == 2 and answer["texts"]["suicidality"] == "yes"
    assert "Do not leave Marta Lindqvist alone" in answer["parts"]["crisis"]
    assert "Active suicidality" in answer["parts"]["reading"]


def test_what_was_not_taken_comes_back_as_it_was_typed(
    sqlite: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    with sqlite.write() as session:
        begun(session, clinic, {})
    form = {"seen": "0", "worry_months": "long", "worry": "yes"}
    answer = post(as_role("clinician"), "/screenings/1/parts/worry", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'value="long"' in page
    assert "write a whole number from 0 to 1200" in page


def test_the_last_answers_stand_beside_the_questions(
    sqlite: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    with sqlite.write() as session:
        signed(session, clinic, begun(session, clinic))
        begun(session, clinic, {"heart": "yes", "seizures": "no"})
    page = as_role("clinician").get("/screenings/2").get_data(as_text=True)
    assert page.count("Last time: No") > 9
    assert "Then: No. Now: Yes." in page


def test_a_decision_that_was_refused_keeps_its_reason_and_names_who_looks_the_same(
    sqlite: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    with sqlite.write() as session:
        make_patient(session, clinic.site, 9, given_name="Ines", family_name="Okafor1")
        begun(session, clinic, {**SUITABLE, "heart": "yes"}, make_request(session, clinic))
    client = as_role("clinician")
    found = re.search(r'name="seen" value="(\w+)"', client.get("/screenings/1/sign").get_data(as_text=True))
    assert found
    form = {"outcome": "suitable", "reason": "Cleared by cardiology", "seen": found[1]}
    answer = post(client, "/screenings/1/sign", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Cleared by cardiology" in page and "RV-00009" in page
    assert post(client, "/screenings/1/sign", {**form, "record": "new"}).status_code == 303
    assert post(client, "/screenings/1/sign", form).status_code == 409


def test_each_look_at_a_screening_is_in_the_trail(
    sqlite: Database, clinic: SmallClinic, as_role: SignedIn
) -> None:
    with sqlite.write() as session:
        begun(session, clinic)
    as_role("clinician").get("/screenings/1")
    with sqlite.read() as session:
        looks = session.execute(
            select(AuditEvent.entity_id, AuditEvent.patient_id).where(AuditEvent.action == "screening.read")
        ).all()
    assert [tuple(look) for look in looks] == [(1, clinic.patient.id)]
