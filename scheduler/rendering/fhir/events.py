"""Adverse events. FHIR's R4 has no place for what was done, so the words beside the event say it."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from scheduler.rendering.fhir.facts import Course, Event, Visit
from scheduler.rendering.fhir.values import TERMS, Resource, Value, coding, concept, made, moment, to

SEVERITIES = {1: "mild", 2: "moderate", 3: "severe"}
# The two grades that are worse than severe are said as what they are; of the others nothing is claimed.
SERIOUSNESS = {4: "SeriousIsLifeThreatening", 5: "SeriousResultsInDeath"}
OUTCOMES = {
    "ongoing": ("ongoing", "Ongoing"),
    "better": ("recovering", "Recovering"),
    "resolved": ("resolved", "Resolved"),
    "lasting": ("resolvedWithSequelae", "Resolved with Sequelae"),
    "fatal": ("fatal", "Fatal"),
    "unknown": ("unknown", "Unknown"),
}


def adverse_events(course: Course, visit: Visit, patient_id: int) -> Iterator[Resource]:
    """The events of a visit that were not struck out: R4 can't say of an event that it was an error."""
    for event in visit.log.events if visit.log else ():
        yield made(
            "AdverseEvent",
            str(event.id),
            text=_narrative(event),
            actuality="actual",
            event=concept(text=event.term),
            subject=to("Patient", patient_id),
            encounter=to("Encounter", visit.id),
            date=moment(event.onset_at, course.site.tz),
            recordedDate=moment(event.recorded_at, course.site.tz),
            seriousness=_seriousness(event),
            severity=_severity(event),
            outcome=_outcome(event),
        )


def _severity(event: Event) -> Value | None:
    """The binding is required: a grade that it has no word for is not squeezed into one."""
    word = SEVERITIES.get(event.grade)
    if word is None:
        return None
    return concept(
        coding(f"{TERMS}/adverse-event-severity", word, word.capitalize()), text=f"Grade {event.grade_words}"
    )


def _seriousness(event: Event) -> Value | None:
    code = SERIOUSNESS.get(event.grade)
    if code is None:
        return None
    return concept(coding(f"{TERMS}/adverse-event-seriousness", code), text=f"Grade {event.grade_words}")


def _outcome(event: Event) -> Value | None:
    if event.outcome not in OUTCOMES:
        return None
    return concept(coding(f"{TERMS}/adverse-event-outcome", *OUTCOMES[event.outcome]))


def _narrative(event: Event) -> Value:
    lines = [
        f"{event.term}, grade {event.grade_words}.",
        f"Done: {event.done}." if event.done else "",
        event.note,
    ]
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines if line.strip())
    return {"status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</div>'}
