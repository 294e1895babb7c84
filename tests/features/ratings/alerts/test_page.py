"""The page of alerts, its count in the navigation, and the settings of who must see what."""

from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.desk.queries.digest import due_digests
from scheduler.features.patients.actions.merge import MergeOrder, merge_patients
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.features.tasks.alerting.causes import Cause
from scheduler.features.tasks.alerting.settle import settle_alerts
from scheduler.features.tasks.alerts import open_alerts
from scheduler.models import AlertKind, AuditEvent, User
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

PATIENT = Actor(None, "A patient")
EVENT, WORSE = AlertKind.ADVERSE_EVENT, AlertKind.WORSENING
WORSE_FACTS = {"instrument": "GAD-7", "baseline": 12, "total": 19, "rise": 7}


@pytest.fixture
def waiting(database: Database, clinic: SmallClinic) -> SmallClinic:
    """A worsening (alert 1), which nurses need not see, and an event (alert 2), which they must."""
    with database.write() as session:
        course, visits = add_six(session, clinic, [TODAY])
        causes = [Cause(WORSE, "gad7:1", ("weekly-1",), 19, 6, WORSE_FACTS)]
        settle_alerts(session, PATIENT, NOW, course.id, [WORSE], causes)
        facts = {"term": "Nausea", "grade": 3}
        event = Cause(EVENT, "event:1", ("event:1",), 3, 1, facts, visits[0].id)
        settle_alerts(session, PATIENT, NOW, course.id, [EVENT], [event])
    return clinic


def page(client: FlaskClient, path: str = "/alerts") -> str:
    return unescape(client.get(path).text)


def post(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form})
    return answer.status_code, unescape(answer.text)


def test_each_sees_what_they_must_see_the_most_urgent_first_and_the_bar_counts_it(
    as_role: SignedIn, waiting: SmallClinic
) -> None:
    seen = page(as_role("clinician"))
    assert 0 < seen.index("Nausea, grade 3.") < seen.index("GAD-7: 19, which is 7 above the baseline of 12.")
    assert 'Alerts <span class="count">2<' in seen
    nurse = page(as_role("nurse"))
    assert ("Nausea" in nurse, "GAD-7" in nurse, 'Alerts <span class="count">1<' in nurse) == (
        True,
        False,
        True,
    )
    assert as_role("front_desk").get("/alerts").status_code == 403
    assert "/alerts" not in as_role("front_desk").get("/today").text


def test_a_clinician_ends_an_alert_with_their_words_and_it_is_kept_among_the_past_ones(
    as_role: SignedIn, waiting: SmallClinic
) -> None:
    clinician = as_role("clinician")
    status, again = post(clinician, "/alerts/1", what_was_done="x" * 501)
    assert (status, "x" * 501 in again) == (422, True)
    assert post(clinician, "/alerts/1", what_was_done="Called, comes on Friday")[0] == 303
    assert "GAD-7" not in page(clinician)
    assert '“Called, comes on Friday” <span class="quiet">Clinician' in page(clinician, "/alerts?show=past")
    status, again = post(clinician, "/alerts/1", what_was_done="Called, too")
    assert (status, "Clinician has acknowledged this alert already" in again) == (409, True)
    assert post(as_role("nurse"), "/alerts/2", what_was_done="Watched")[0] == 403


def test_filters_show_one_kind_and_looking_is_in_the_trail(
    as_role: SignedIn, database: Database, waiting: SmallClinic
) -> None:
    shown = page(as_role("clinician"), "/alerts?kind=worsening&site=1")
    assert ("GAD-7" in shown, "Nausea" in shown) == (True, False)
    assert "Nothing waits" in page(as_role("clinician"), "/alerts?site=99&kind=never&page=x")
    with database.read() as session:
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.patient_id == 1)).all()
        assert actions.count("patient.read") == 1


def test_what_an_alert_said_before_a_correction_stands_under_it(
    as_role: SignedIn, database: Database, waiting: SmallClinic
) -> None:
    with database.write() as session:
        facts = {**WORSE_FACTS, "total": 20, "rise": 8}
        settle_alerts(
            session, PATIENT, NOW, 1, [WORSE], [Cause(WORSE, "gad7:1", ("weekly-1",), 20, 6, facts)]
        )
    assert "Until then: GAD-7: 19, which is 7 above" in page(as_role("clinician"))
    with database.write() as session:
        settle_alerts(session, PATIENT, NOW, 1, [WORSE], [])
    assert "Withdrawn Mon 2 Nov 10:00" in page(as_role("clinician"), "/alerts?show=past")


def test_the_clinic_says_who_must_see_a_kind_and_from_when_on(
    as_role: SignedIn, waiting: SmallClinic
) -> None:
    administrator, nurse = as_role("administrator"), as_role("nurse")
    assert post(administrator, "/settings/alerts/worsening", seen="0", for_nurses="1")[0] == 303
    assert post(administrator, "/settings/alerts/adverse_event", seen="0", at_least="4")[0] == 303
    seen = page(nurse)
    assert ("Nausea" in seen, "GAD-7" in seen) == (False, True)
    status, back = post(administrator, "/settings/alerts/adverse_event", seen="0", at_least="2")
    assert (status, "Somebody else changed this" in back) == (409, True)
    status, back = post(administrator, "/settings/alerts/booster", seen="0", at_least="6", at_most="4")
    assert (status, "The last week can't lie before the first." in back, 'value="6"' in back) == (
        422,
        True,
        True,
    )
    assert post(administrator, "/settings/alerts/booster", seen="0", at_least="soon")[0] == 422
    assert post(administrator, "/settings/alerts/nobody", seen="0")[0] == 404


def test_the_morning_digest_counts_alerts_for_those_who_chart_without_a_clinical_word(
    database: Database, waiting: SmallClinic
) -> None:
    with database.write() as session:
        for role in ("clinician", "nurse", "front_desk"):
            session.get_one(User, waiting.users[role].id).wants_digest = True
    with database.read() as session:
        found = {due.user_id: due.counts for due in due_digests(session, NOW.replace(hour=13))}
    counts = {
        role: [count.number for count in found[waiting.users[role].id] if count.path == "/alerts"]
        for role in ("clinician", "nurse", "front_desk")
    }
    assert counts == {"clinician": [2], "nurse": [1], "front_desk": []}


def test_an_alert_goes_with_the_record_that_is_kept_when_two_are_one_person(
    database: Database, waiting: SmallClinic
) -> None:
    with database.write() as session:
        kept = make_patient(session, waiting.site, 2)
    order = MergeOrder(kept.id, waiting.patient.id, 1, 1, frozenset())
    database.attempt(lambda session: merge_patients(session, PATIENT, NOW, order))
    with database.write() as session:
        assert [alert.patient_id for alert in open_alerts(session)] == [kept.id, kept.id]
        acknowledge(session, PATIENT, NOW, open_alerts(session)[0].id, "Watched")
        assert settle_alerts(session, PATIENT, NOW, 1, [WORSE], [])[0].patient_id == kept.id
