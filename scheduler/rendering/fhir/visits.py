"""A course as a plan, and each of its visits: what was agreed, whether the patient came, what was done."""

from collections.abc import Iterable

from scheduler.rendering.fhir.facts import Addendum, Course, Visit
from scheduler.rendering.fhir.values import (
    TERMS,
    Resource,
    Value,
    coding,
    concept,
    filled,
    made,
    moment,
    notes,
    period,
    to,
)

BY_MISTAKE = "by_mistake"
"""The state of a course or a visit that somebody entered by mistake: it never was."""

PLANS = {
    "active": "active",
    "on_hold": "on-hold",
    "completed": "completed",
    "discontinued": "revoked",
    BY_MISTAKE: "entered-in-error",
}
# Fulfilled is an appointment from which the visit has begun: from there on the encounter says how it goes.
APPOINTMENTS = {
    "scheduled": "booked",
    "arrived": "arrived",
    "in_progress": "fulfilled",
    "completed": "fulfilled",
    "missed": "noshow",
    "cancelled": "cancelled",
    BY_MISTAKE: "entered-in-error",
}
ENCOUNTERS = {
    "scheduled": "planned",
    "arrived": "arrived",
    "in_progress": "in-progress",
    "completed": "finished",
    "missed": "cancelled",
    "cancelled": "cancelled",
    BY_MISTAKE: "entered-in-error",
}
PROCEDURES = {
    "scheduled": "preparation",
    "arrived": "preparation",
    "in_progress": "in-progress",
    "completed": "completed",
    "missed": "not-done",
    "cancelled": "not-done",
    BY_MISTAKE: "entered-in-error",
}


def came(visit: Visit) -> bool:
    """Whether there is an encounter: the patient came, or something was charted of the visit."""
    there = {"arrived", "in_progress", "completed"}
    return visit.state in there or visit.arrived_at is not None or visit.log is not None


def is_done_or_not(visit: Visit) -> bool:
    """Whether there is something to say of the infusion itself; of one that only stands in the diary not."""
    return visit.state != "scheduled" or came(visit)


def care_plan(course: Course, patient_id: int) -> Resource:
    """The course: which protocol, how it stands, what belongs to it."""
    reason = [(course.closed_at, course.reason)] if course.reason else []
    starts = [visit.starts_at for visit in course.visits if visit.state != "cancelled"]
    return made(
        "CarePlan",
        str(course.id),
        status=PLANS[course.state],
        intent="plan",
        title=course.protocol,
        description=f"{course.protocol}, version {course.protocol_version}: "
        f"{course.infusions} {'infusion' if course.infusions == 1 else 'infusions'}",
        subject=to("Patient", patient_id),
        period=period(min(starts, default=None), course.closed_at, course.site.tz),
        created=moment(course.booked_at, course.site.tz),
        activity=[
            filled(
                {
                    "outcomeReference": [to("Procedure", visit.id)] if is_done_or_not(visit) else [],
                    "reference": to("Appointment", visit.id),
                }
            )
            for visit in course.visits
        ],
        note=[*notes(reason, course.site.tz), *_added(course.addenda, course.site.tz)],
    )


def _added(addenda: Iterable[Addendum], tz: str) -> list[Value]:
    """Addenda as notes, each with who wrote it."""
    return [
        {
            "authorString": each.by.name,
            "time": moment(each.at, tz),
            "text": f"Addendum: {each.words} (Reason: {each.reason})",
        }
        for each in addenda
    ]


def appointment(course: Course, visit: Visit, patient_id: int) -> Resource:
    """What was agreed, and whether the patient has confirmed it."""
    tz = course.site.tz
    off = visit.state in {"missed", "cancelled"} and visit.reason
    agreed = "accepted" if visit.confirmed else "needs-action"
    return made(
        "Appointment",
        str(visit.id),
        status=APPOINTMENTS[visit.state],
        cancelationReason=concept(text=visit.reason or "") if off else None,
        description=name(course, visit),
        supportingInformation=[
            to("CarePlan", course.id),
            *([to("Appointment", visit.replaces_id)] if visit.replaces_id else []),
        ],
        start=moment(visit.starts_at, tz),
        end=moment(visit.ends_at, tz),
        participant=[
            {"actor": to("Patient", patient_id), "status": agreed},
            {"actor": to("Location", course.site.id), "status": "accepted"},
        ],
    )


def encounter(course: Course, visit: Visit, patient_id: int) -> Resource:
    """The visit itself, so that vitals, drugs and events hang on one thing."""
    return made(
        "Encounter",
        str(visit.id),
        status=ENCOUNTERS[visit.state],
        class_=coding(f"{TERMS}/v3-ActCode", "AMB", "ambulatory"),
        subject=to("Patient", patient_id),
        appointment=[to("Appointment", visit.id)],
        period=period(visit.arrived_at or visit.seated_at, visit.completed_at, course.site.tz),
        location=[{"location": to("Location", course.site.id)}],
    )


def procedure(course: Course, visit: Visit, patient_id: int) -> Resource:
    """The infusion: done, stopped early, or not done and why."""
    state = _standing(visit)
    why = visit.reason if state in {"stopped", "not-done"} else ""
    done = period(visit.seated_at, visit.completed_at, course.site.tz) if state != "not-done" else None
    return made(
        "Procedure",
        str(visit.id),
        basedOn=[to("CarePlan", course.id)],
        status=state,
        statusReason=concept(text=why or ""),
        code=concept(text=name(course, visit)),
        subject=to("Patient", patient_id),
        encounter=to("Encounter", visit.id) if came(visit) else None,
        performedPeriod=done,
        location=to("Location", course.site.id) if came(visit) else None,
        note=[
            *notes([(None, _counts(visit)), (None, _noted(visit))], course.site.tz),
            *_added(visit.addenda, course.site.tz),
        ],
    )


def name(course: Course, visit: Visit) -> str:
    """`Infusion 3 of 6`."""
    return f"Infusion {visit.number} of {course.infusions}"


def _standing(visit: Visit) -> str:
    if visit.state == "completed" and visit.stopped_early:
        return "stopped"
    runs = visit.log is not None and visit.log.started_at is not None
    return "in-progress" if runs and PROCEDURES[visit.state] == "preparation" else PROCEDURES[visit.state]


def _noted(visit: Visit) -> str:
    return (visit.log.notes or "") if visit.log else ""


def _counts(visit: Visit) -> str:
    if not visit.stopped_early or visit.counts is None:
        return ""
    return f"Stopped early; a clinician said that it {'counts' if visit.counts else 'does not count'}."
