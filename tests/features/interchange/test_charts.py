"""From rows to resources: what stands in the database leaves it, once and whole."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import NotFoundError
from scheduler.features.interchange.queries import course_chart, patient_chart
from scheduler.features.review.actions.beside import Said, add_addendum, co_sign
from scheduler.models import CognitiveTask, Course, Role, RunState, User
from scheduler.rendering.fhir.records import bundle
from tests.rendering.fhir.reading import Found, checked, names, references, resolves, unpacked
from tests.support.clinic import NOW, SmallClinic, make_user
from tests.support.course_logs import signer
from tests.support.task_runs import add_run

BASE = "https://clinic.example/fhir"


def exported(database: Database) -> dict[str, Found]:
    """Patient 1 by name of resource; all of it is valid and leads nowhere outside."""
    with database.read() as session:
        found = unpacked(bundle(patient_chart(session, 1), "patient-1", BASE))
    for resource in found:
        checked(resource)
        assert all(resolves(each, resource, set(names(found))) for each in references(resource))
    return dict(zip(names(found), found, strict=True))


def test_a_chart_leaves_with_all_that_was_written_down(database: Database, chart: SmallClinic) -> None:
    found = exported(database)
    assert set(found) == {
        "Location/1", "Questionnaire/anxiety-now-1", "Questionnaire/gad7-1", "Patient/1", "Patient/2",
        "AllergyIntolerance/caution-1", "CarePlan/1", "Appointment/1", "Encounter/1", "Procedure/1",
        "MedicationAdministration/log-1", "Observation/weight-1", "Observation/vitals-1-bp",
        "Observation/vitals-2-bp", "AdverseEvent/1", "QuestionnaireResponse/log-1", "Appointment/2",
        "Procedure/2", "Appointment/3", "QuestionnaireResponse/rating-1", "Observation/rating-1-total",
        "QuestionnaireResponse/rating-2", "Observation/rating-2-total",
    }  # fmt: skip
    assert found["Procedure/2"]["status"] == "not-done"
    assert found["Procedure/2"]["statusReason"] == {"text": "Did not come"}
    statuses = [found[f"Observation/vitals-{n}-bp"]["status"] for n in (1, 2)]
    assert statuses == ["entered-in-error", "preliminary"]
    assert found["Observation/rating-1-total"]["code"]["coding"][0]["code"] == "70274-6"
    assert found["Patient/2"]["link"] == [{"other": {"reference": "Patient/1"}, "type": "replaced-by"}]
    answers = {
        each["text"]: each["answer"][0]["valueString"]
        for each in found["QuestionnaireResponse/log-1"]["item"]
    }
    assert answers == {"Identity checked": "Yes", "Awake and oriented": "No"}


def test_short_tasks_signatures_and_addenda_leave_by_the_names_of_then(sqlite: Database) -> None:
    over = signer(sqlite)
    with sqlite.write() as session:
        course = session.get_one(Course, over.course_id)
        add_run(session, course, NOW - timedelta(days=30), reason="hidden")
        add_run(session, course, NOW - timedelta(days=29), form=8)
        left: dict[str, Any] = {
            "task": CognitiveTask.PLACES,
            "form": None,
            "score": None,
            "device": {},
            "responses": [],
        }
        add_run(session, course, NOW - timedelta(days=28), state=RunState.LEFT_OUT, reason="tired", **left)
    over.give_all_reasons()
    digest = over.sign().digest
    with sqlite.write() as session:
        eve = make_user(session, Role.CLINICIAN, over.clinic.site, "Eve")
        co_sign(session, Actor(eve.id, eve.name), NOW, over.course_id)
        for said in (Said("71 kg", "Misread", "a", over.visits[0]), Said("Twice", "Forgot", "b")):
            add_addendum(session, over.ada, NOW, over.course_id, said)
        session.execute(update(User).values(name="Renamed"))
    found = exported(sqlite)
    signed = {name: each for name, each in found.items() if name.startswith("Provenance/")}
    assert len(signed) == 10  # Six logs, the course twice, two addenda.
    assert {each["signature"][0]["who"]["display"] for each in signed.values()} == {"Clinician", "Eve"}
    second, added = signed["Provenance/second-1"], signed["Provenance/addendum-1"]
    assert second["target"] == [{"reference": f"CarePlan/{over.course_id}"}]
    assert second["entity"][0]["what"]["identifier"]["value"] == digest
    assert second["signature"][0]["when"] == second["recorded"] == "2026-11-02T10:00:00-05:00"
    assert added["target"] == [{"reference": f"Procedure/{over.visits[0]}"}]
    assert (added["reason"], added["agent"][0]["type"]["coding"][0]["code"]) == (
        [{"text": "Misread"}],
        "author",
    )
    note = found[f"Procedure/{over.visits[0]}"]["note"][-1]
    assert (note["authorString"], note["text"]) == ("Clinician", "Addendum: 71 kg (Reason: Misread)")
    broken, done, none = (found[f"Observation/task-{n}"] for n in (1, 2, 3))
    assert [each["status"] for each in (broken, done, none)] == ["cancelled", "final", "cancelled"]
    assert done["valueQuantity"]["value"] == 19 and "no norms" in done["note"][0]["text"]
    parts = {each["code"]["text"]: each.get("valueInteger") for each in done["component"]}
    assert (parts["Wrong"], parts["Form"]) == (1, 8)
    assert (done["device"], done["method"]) == ({"display": "phone, 390 × 844"}, {"text": "By touch"})
    assert broken["dataAbsentReason"]["text"] == "Interrupted. The page was left or the screen went dark."
    assert none["dataAbsentReason"]["coding"][0]["code"] == "not-performed"
    assert all("coding" not in each["code"] for each in (broken, done, none))


def test_a_course_leaves_without_the_others(sqlite: Database, fast_chart: SmallClinic) -> None:
    with sqlite.read() as session:
        assert [course.id for course in course_chart(session, 1).courses] == [1]
        with pytest.raises(NotFoundError):
            course_chart(session, 2)
