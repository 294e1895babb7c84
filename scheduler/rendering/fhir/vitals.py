"""Vital signs, weight and dissociation as observations, by the profiles of FHIR where it has one."""

from collections.abc import Iterator
from typing import Any

from scheduler.rendering.fhir.facts import Course, Log, Reading, Visit
from scheduler.rendering.fhir.values import (
    EXTENSIONS,
    LOINC,
    TERMS,
    Resource,
    Value,
    coding,
    concept,
    made,
    moment,
    notes,
    quantity,
    thousandths,
    to,
)

VITAL_SIGNS = [concept(coding(f"{TERMS}/observation-category", "vital-signs", "Vital Signs"))]
EXAM = [concept(coding(f"{TERMS}/observation-category", "exam", "Exam"))]
PRESSURE = concept(
    coding(LOINC, "85354-9", "Blood pressure panel with all children optional"), text="Blood pressure"
)
SYSTOLIC = concept(coding(LOINC, "8480-6", "Systolic blood pressure"))
DIASTOLIC = concept(coding(LOINC, "8462-4", "Diastolic blood pressure"))
PULSE = concept(coding(LOINC, "8867-4", "Heart rate"), text="Pulse")
# The profile wants the first code; the second one says how it was measured.
SATURATION = concept(
    coding(LOINC, "2708-6", "Oxygen saturation in Arterial blood"),
    coding(LOINC, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
    text="SpO2",
)
WEIGHT = concept(coding(LOINC, "29463-7", "Body weight"), text="Weight")
SEDATION = concept(text="Sedation, MOAA/S (0 to 5)")
DISSOCIATION = concept(text="Dissociation at its peak, CADSS-6 total (0 to 24)")
SCORE = "{score}"


def observations(course: Course, visit: Visit, patient_id: int) -> Iterator[Resource]:
    """All that was measured in a visit. Weight and peak have the day: nobody wrote down the time."""
    log = visit.log
    if log is None:
        return
    shared = {
        "basedOn": [to("CarePlan", course.id)],
        "partOf": [to("Procedure", visit.id)],
        "subject": to("Patient", patient_id),
        "encounter": to("Encounter", visit.id),
    }
    of_day = {**shared, "status": _standing(log), "effectiveDateTime": visit.day.isoformat()}
    if log.weight_g is not None:
        kilograms = quantity(thousandths(log.weight_g), "kg")
        yield _vital(f"weight-{log.id}", "bodyweight", WEIGHT, of_day, valueQuantity=kilograms)
    for reading in log.readings:
        yield from _of(reading, log, shared, course.site.tz)
    if log.cadss is not None:
        total = quantity(log.cadss, "points", SCORE)
        yield made(
            "Observation", f"cadss-{log.id}", category=EXAM, code=DISSOCIATION, **of_day, valueQuantity=total
        )


def _of(reading: Reading, log: Log, shared: Value, tz: str) -> Iterator[Resource]:
    corrects = (
        f"Replaces what was written down wrongly (vitals-{reading.replaces})." if reading.replaces else ""
    )
    own = {
        **shared,
        "status": "entered-in-error" if reading.error else _standing(log),
        "effectiveDateTime": moment(reading.taken_at, tz),
        "note": notes([(None, corrects), (None, reading.error)], tz),
    }
    id_ = f"vitals-{reading.id}"
    if reading.sbp is not None or reading.dbp is not None:
        parts = [_part(SYSTOLIC, reading.sbp), _part(DIASTOLIC, reading.dbp)]
        yield _vital(f"{id_}-bp", "bp", PRESSURE, own, component=parts)
    if reading.pulse is not None:
        yield _vital(f"{id_}-pulse", "heartrate", PULSE, own, valueQuantity=quantity(reading.pulse, "/min"))
    if reading.spo2 is not None:
        yield _vital(f"{id_}-spo2", "oxygensat", SATURATION, own, valueQuantity=quantity(reading.spo2, "%"))
    if reading.sedation is not None:
        value = quantity(reading.sedation, "points", SCORE)
        yield made("Observation", f"{id_}-sedation", category=EXAM, code=SEDATION, **own, valueQuantity=value)


def _standing(log: Log) -> str:
    """Final is what was verified by somebody who may: a clinician, by signing the log."""
    return "final" if log.is_signed else "preliminary"


def _vital(id_: str, profile: str, code: Value, own: Value, **value: Any) -> Resource:
    meta = {"profile": [f"{EXTENSIONS}/{profile}"]}
    return made("Observation", id_, meta=meta, category=VITAL_SIGNS, code=code, **own, **value)


def _part(code: Value, value: int | None) -> Value:
    """One of the two pressures; the profile wants both, so one that nobody took says that it is not known."""
    if value is None:
        absent = concept(coding(f"{TERMS}/data-absent-reason", "unknown", "Unknown"))
        return {"code": code, "dataAbsentReason": absent}
    return {"code": code, "valueQuantity": quantity(value, "mmHg", "mm[Hg]")}
