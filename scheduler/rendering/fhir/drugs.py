"""What was given: the infusion's drug, and drugs against what it caused."""

from collections.abc import Iterator

from scheduler.rendering.fhir.facts import Course, Log, Rescue, Visit
from scheduler.rendering.fhir.values import (
    SNOMED,
    TERMS,
    Resource,
    Value,
    amount,
    coding,
    concept,
    filled,
    made,
    moment,
    notes,
    period,
    quantity,
    thousandths,
    to,
)

ROUTES = {
    "iv": concept(coding(SNOMED, "47625008", "Intravenous route"), text="Intravenous"),
    "im": concept(coding(SNOMED, "78421000", "Intramuscular route"), text="Intramuscular"),
    "sc": concept(coding(SNOMED, "34206005", "Subcutaneous route"), text="Subcutaneous"),
}
OFF = {"missed", "cancelled"}


def administrations(course: Course, visit: Visit, patient_id: int) -> Iterator[Resource]:
    """The infusion's drug where its log says that it ran or was made ready and not given; rescue drugs."""
    log = visit.log
    if log is None:
        return
    state = _state(visit, log)
    if state:
        yield _infused(course, visit, log, state, patient_id)
    for each in log.rescues:
        yield _rescue(course, visit, each, patient_id)


def _state(visit: Visit, log: Log) -> str:
    """FHIR's word; empty where the record does not say enough to claim anything."""
    if log.started_at is None:
        return "not-done" if visit.state in OFF and log.drug else ""
    if visit.state in OFF:
        return "unknown"  # The log says that it ran, the visit that it did not.
    if visit.stopped_early:
        return "stopped"
    return "completed" if log.stopped_at or visit.state == "completed" else "in-progress"


def _infused(course: Course, visit: Visit, log: Log, state: str, patient_id: int) -> Resource:
    tz = course.site.tz
    given = state != "not-done"
    why = visit.reason if state in {"stopped", "not-done"} else ""
    return made(
        "MedicationAdministration",
        f"log-{log.id}",
        contained=[_medication(log)] if log.drug else [],
        partOf=[to("Procedure", visit.id)],
        status=state,
        statusReason=[concept(text=why)] if why else [],
        medicationReference={"reference": "#drug"} if log.drug else None,
        medicationCodeableConcept=None
        if log.drug
        else concept(coding(f"{TERMS}/data-absent-reason", "unknown", "Unknown"), text="Not recorded"),
        subject=to("Patient", patient_id),
        context=to("Encounter", visit.id),
        effectivePeriod=period(log.started_at, log.stopped_at, tz) if given else None,
        effectiveDateTime=None if given else moment(visit.starts_at, tz),
        note=notes(((pause.since, _paused(pause.why)) for pause in log.pauses), tz) if given else [],
        dosage=_dosage(log) if given else None,
    )


def _paused(why: str) -> str:
    return f"Pump paused: {why}" if why else "Pump paused"


def _medication(log: Log) -> Resource:
    """The vial: lot, expiry and concentration stand there in FHIR, not with what was given."""
    strength = {}
    if log.concentration_ug_per_ml:
        strength = {
            "numerator": quantity(thousandths(log.concentration_ug_per_ml), "mg"),
            "denominator": quantity(1, "mL"),
        }
    drug = concept(text=log.drug or "")
    return made(
        "Medication",
        "drug",
        code=drug,
        ingredient=[{"itemCodeableConcept": drug, "strength": strength}] if strength else [],
        batch=filled(
            {"lotNumber": log.lot, "expirationDate": log.expiry.isoformat() if log.expiry else None}
        ),
    )


def _dosage(log: Log) -> Value | None:
    """Dose and rate; FHIR wants at least one of them, so a route alone is not said."""
    values = filled(
        {
            "dose": quantity(thousandths(log.dose_ug), "mg") if log.dose_ug is not None else None,
            "rateQuantity": quantity(thousandths(log.rate_ug_per_h), "mg/h")
            if log.rate_ug_per_h is not None
            else None,
        }
    )
    return {"route": ROUTES[log.route], **values} if values and log.route in ROUTES else values or None


def _rescue(course: Course, visit: Visit, given: Rescue, patient_id: int) -> Resource:
    dose = amount(given.amount)
    dosage = {"text": given.amount, "route": concept(text=given.route), "dose": dose}
    return made(
        "MedicationAdministration",
        f"rescue-{given.id}",
        partOf=[to("Procedure", visit.id)],
        status="entered-in-error" if given.error else "completed",
        statusReason=[concept(text=given.error)] if given.error else [],
        medicationCodeableConcept=concept(text=given.drug),
        subject=to("Patient", patient_id),
        context=to("Encounter", visit.id),
        effectiveDateTime=moment(given.given_at, course.site.tz),
        reasonCode=[concept(text=given.why)] if given.why else [],
        note=[] if dose else notes([(None, f"{given.amount}, {given.route}")], course.site.tz),
        dosage=filled(dosage) if dose else None,
    )
