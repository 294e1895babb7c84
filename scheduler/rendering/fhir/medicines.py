"""What a patient takes beside a course."""

from collections.abc import Iterator

from scheduler.rendering.fhir.facts import Course, Medicine
from scheduler.rendering.fhir.values import Resource, concept, filled, made, moment, to


def medicines(course: Course, patient_id: int) -> Iterator[Resource]:
    """The medicines of a course. One whose last day is known was taken, one without is taken on."""
    for each in course.medicines:
        yield made(
            "MedicationStatement",
            str(each.id),
            basedOn=[to("CarePlan", course.id)],
            status=_status(each),
            statusReason=[concept(text=each.error)] if each.error else [],
            medicationCodeableConcept=concept(text=each.name),
            subject=to("Patient", patient_id),
            effectivePeriod=filled(
                {
                    "start": each.from_day.isoformat() if each.from_day else None,
                    "end": each.until_day.isoformat() if each.until_day else None,
                }
            ),
            dateAsserted=moment(each.noted_at, course.site.tz),
            dosage=[{"text": each.dose}] if each.dose else [],
        )


def _status(medicine: Medicine) -> str:
    if medicine.error:
        return "entered-in-error"
    return "completed" if medicine.until_day else "active"
