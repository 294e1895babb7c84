"""From rows to resources: what stands in the database leaves it, once and whole."""

import pytest

from scheduler.db import Database
from scheduler.errors import NotFoundError
from scheduler.features.interchange.queries import course_chart, patient_chart
from scheduler.rendering.fhir.records import bundle
from tests.rendering.fhir.reading import Found, checked, names, references, resolves, unpacked
from tests.support.clinic import SmallClinic

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


def test_a_course_leaves_without_the_others(sqlite: Database, fast_chart: SmallClinic) -> None:
    with sqlite.read() as session:
        assert [course.id for course in course_chart(session, 1).courses] == [1]
        with pytest.raises(NotFoundError):
            course_chart(session, 2)
