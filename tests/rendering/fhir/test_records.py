"""What leaves for other programs: valid, whole, the same each time, and no word more than the record says."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from scheduler.rendering.fhir.facts import Chart, Course, Event, Log, Person, Rating, Reading, Rescue, Visit
from scheduler.rendering.fhir.records import bundle, line, resources_of
from tests.rendering.fhir.charts import ANXIETY, GAD7, SITES, charts
from tests.rendering.fhir.reading import Found, checked, names, references, resolves, unpacked

BASE = "https://clinic.example/fhir"
BEGUN = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # The first of the two half past one of that night.
ANNA = Person(1, "RV-00001", "Anna", "Ruiz", date(1980, 2, 29), "+12125550123", None, "es", True, SITES[0])
LOG = Log(
    4, False, 70_000, 35_000, 52_500, 1_000, "Ketamine", "K1", date(2027, 3, 31), "iv", BEGUN,
    BEGUN + timedelta(minutes=40),
)  # fmt: skip
VISIT = Visit(3, 2, "completed", None, BEGUN, BEGUN + timedelta(hours=2), date(2026, 11, 1), log=LOG)
COURSE = Course(2, SITES[0], "Loading", 1, 6, "active", None, BEGUN)
RATING = Rating(5, GAD7, "es", "pre", "Before infusion no. 2", [1, 3], 4, True, BEGUN)


def said(**changes: Any) -> dict[str, Found]:
    """The resources of one visit by name; `changes` are of the log."""
    return of_visit(replace(VISIT, log=replace(LOG, **changes)))


def of_visit(visit: Visit, *ratings: Rating) -> dict[str, Found]:
    """The resources of a course with this visit, by name."""
    course = replace(COURSE, visits=[visit], ratings=ratings)
    found = unpacked(bundle(Chart(ANNA, [course]), "patient-1", BASE))
    return dict(zip(names(found), map(checked_too, found), strict=True))


def checked_too(resource: Found) -> Found:
    """The resource, once its model took it."""
    checked(resource)
    return resource


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # A chart is too large to be made smaller in time.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(charts())
def test_every_resource_is_valid_every_reference_resolves_and_the_same_chart_gives_the_same_bytes(
    chart: Chart,
) -> None:
    body = bundle(chart, "patient-1", BASE)
    found = unpacked(body)
    known = names(found)
    assert len(set(known)) == len(known)
    for resource in found:
        checked(resource)
        assert all(resolves(each, resource, set(known)) for each in references(resource))
    assert bundle(deepcopy(chart), "patient-1", BASE) == body
    for resource in resources_of(chart, BASE):
        assert line(resource).count(b"\n") == 1
        assert json.loads(line(resource)) == resource


def test_35_mg_is_no_35_point_0_and_the_hour_is_the_clinics_in_the_night_that_has_it_twice() -> None:
    given = line(said()["MedicationAdministration/log-4"])
    assert b'"dose":{"value":35,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}' in given
    assert b'"rateQuantity":{"value":52.5,"unit":"mg/h"' in given
    assert b'"start":"2026-11-01T01:30:00-04:00","end":"2026-11-01T01:10:00-05:00"' in given


def test_weight_has_the_day_alone_because_nobody_wrote_down_the_time() -> None:
    assert said(weight_g=70_450)["Observation/weight-4"]["effectiveDateTime"] == "2026-11-01"
    assert b'"value":70.45,' in line(said(weight_g=70_450)["Observation/weight-4"])


@pytest.mark.parametrize(
    ("visit", "log", "infusion", "drug"),
    [
        ({"state": "missed", "reason": "Did not come", "log": None}, {}, "not-done", None),
        ({"state": "cancelled", "reason": "Pressure"}, {"started_at": None}, "not-done", "not-done"),
        ({"state": "completed", "stopped_early": True, "reason": "Panic"}, {}, "stopped", "stopped"),
        ({"state": "in_progress"}, {"stopped_at": None}, "in-progress", "in-progress"),
        ({"state": "completed"}, {}, "completed", "completed"),
        ({"state": "completed"}, {"started_at": None}, "completed", None),
        ({"state": "missed", "reason": "Did not come"}, {}, "not-done", "unknown"),
        ({"state": "scheduled", "log": None}, {}, None, None),
    ],
)
def test_an_infusion_is_as_far_as_the_record_says_it_is(
    visit: dict[str, Any], log: dict[str, Any], infusion: str | None, drug: str | None
) -> None:
    found = of_visit(replace(VISIT, **{"log": replace(LOG, **log), **visit}))
    done, given = found.get("Procedure/3", {}), found.get("MedicationAdministration/log-4", {})
    assert (done.get("status"), given.get("status")) == (infusion, drug)
    why = [{"text": visit["reason"]}] if infusion in {"not-done", "stopped"} else []
    assert [done["statusReason"]] == why if why else "statusReason" not in done
    if drug == "not-done":
        assert "dosage" not in given


def test_a_guardian_is_the_contact_of_the_patient_they_sign_for() -> None:
    young = replace(ANNA, guardian_name="Ada Ruiz")
    [patient] = [each for each in resources_of(Chart(young, []), BASE) if each["resourceType"] == "Patient"]
    checked(patient)
    [contact] = patient["contact"]
    assert contact["name"] == {"text": "Ada Ruiz"}
    assert contact["relationship"][0]["coding"][0]["code"] == "GUARD"
    assert "contact" not in said()["Patient/1"]


def test_vitals_are_preliminary_until_a_clinician_signs_and_corrected_ones_were_entered_in_error() -> None:
    wrong = Reading(8, BEGUN, 182, 110, None, None, None, error="Cuff on the wrong arm")
    right = Reading(9, BEGUN, 128, None, None, None, None, replaces=8)
    draft, signed = (said(readings=[wrong, right], is_signed=sign) for sign in (False, True))
    assert [draft[f"Observation/vitals-{n}-bp"]["status"] for n in (8, 9)] == [
        "entered-in-error",
        "preliminary",
    ]
    assert [signed[f"Observation/vitals-{n}-bp"]["status"] for n in (8, 9)] == ["entered-in-error", "final"]
    low = draft["Observation/vitals-9-bp"]["component"][1]
    assert "valueQuantity" not in low
    assert low["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_a_course_that_ended_before_its_first_visit_has_no_period_that_ends_before_it_begins() -> None:
    course = replace(COURSE, visits=[VISIT], state="discontinued", closed_at=BEGUN - timedelta(days=1))
    (plan,) = (
        each for each in resources_of(Chart(ANNA, [course]), BASE) if each["resourceType"] == "CarePlan"
    )
    assert plan["period"] == {"start": "2026-11-01T01:30:00-04:00"}


def test_a_rating_with_a_question_left_out_is_in_progress_and_has_no_total() -> None:
    found = of_visit(VISIT, replace(RATING, answers=[1, None], total=None))
    response = found["QuestionnaireResponse/rating-5"]
    assert response["status"] == "in-progress"
    assert ["answer" in each for each in response["item"]] == [True, False]
    assert "Observation/rating-5-total" not in found


def test_answers_have_loincs_codes_only_where_the_instrument_is_loincs() -> None:
    found = of_visit(VISIT, RATING, replace(RATING, id=6, instrument=ANXIETY, answers=[7], total=7))
    coded, plain = (found[f"QuestionnaireResponse/rating-{n}"]["item"] for n in (5, 6))
    assert [each["linkId"] for each in coded] == ["/69725-0", "/68509-9"]
    assert coded[1]["text"] == "Preocuparse"
    assert coded[1]["answer"] == [
        {"valueCoding": {"system": "http://loinc.org", "code": "LA6571-9", "display": "Nearly every day"}}
    ]
    assert plain == [{"linkId": "1", "text": "Anxious now?", "answer": [{"valueInteger": 7}]}]
    assert "coding" not in found["Observation/rating-6-total"]["code"]


def test_a_rating_that_was_corrected_stays_as_an_error() -> None:
    found = of_visit(VISIT, replace(RATING, error="Wrong patient"))
    statuses = {found[n]["status"] for n in ("QuestionnaireResponse/rating-5", "Observation/rating-5-total")}
    assert statuses == {"entered-in-error"}


def test_an_event_has_the_severity_of_its_grade_and_a_worse_grade_is_not_called_severe() -> None:
    event = Event(7, "Nausea & <b>", BEGUN, 3, "3, severe", "Watched", "better", "", BEGUN)
    worst = replace(event, id=8, grade=4, grade_words="4, life-threatening")
    found = said(events=[event, worst])
    severe, life = found["AdverseEvent/7"], found["AdverseEvent/8"]
    assert severe["severity"]["coding"][0]["code"] == "severe"
    assert "seriousness" not in severe
    assert "severity" not in life
    assert life["seriousness"]["coding"][0]["code"] == "SeriousIsLifeThreatening"
    assert "Nausea &amp; &lt;b&gt;" in severe["text"]["div"]
    assert "suspectEntity" not in severe


@pytest.mark.parametrize(
    ("amount", "dose"), [("4 mg", (4, "mg")), ("0,50 mg", (0.5, "mg")), ("2 sprays", None)]
)
def test_the_amount_of_a_rescue_drug_is_a_number_only_where_it_was_written_as_one(
    amount: str, dose: tuple[float, str] | None
) -> None:
    found = said(rescues=[Rescue(9, "Ondansetron", amount, "Intravenous", BEGUN, "Nausea")])
    given = found["MedicationAdministration/rescue-9"]
    if dose:
        assert (given["dosage"]["dose"]["value"], given["dosage"]["dose"]["code"]) == dose
    else:
        assert "dosage" not in given
        assert given["note"] == [{"text": "2 sprays, Intravenous"}]
