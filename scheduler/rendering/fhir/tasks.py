"""Runs of short cognitive tasks.

The tasks are our own designs, so that no code means them: they are said in words. A run that was interrupted
is an observation that was cancelled, with why; it has no value, and neither has one that was left out.
"""

from scheduler.rendering.fhir.facts import Course, Run
from scheduler.rendering.fhir.questions import POINTS, SURVEY
from scheduler.rendering.fhir.values import (
    TERMS,
    Resource,
    Value,
    coding,
    concept,
    made,
    moment,
    period,
    quantity,
    slug,
    to,
)

NOT_PERFORMED = coding(f"{TERMS}/data-absent-reason", "not-performed", "Not Performed")


def task(course: Course, run: Run, patient_id: int, base: str) -> Resource:
    """What a run came to, on which form and which device; or that it came to nothing, and why."""
    is_over = run.ended_at is not None and run.ended_at > run.begun_at
    return made(
        "Observation",
        f"task-{run.id}",
        meta={"tag": [coding(f"{base}/CodeSystem/{POINTS}", slug(run.time_point), run.when)]},
        basedOn=[to("CarePlan", course.id)],
        status="cancelled" if run.value is None else "final",
        category=SURVEY,
        code=concept(text=f"{run.name}, short cognitive task, version {run.version}"),
        subject=to("Patient", patient_id),
        effectivePeriod=period(run.begun_at, run.ended_at, course.site.tz) if is_over else None,
        effectiveDateTime=None if is_over else moment(run.begun_at, course.site.tz),
        valueQuantity=None if run.value is None else quantity(run.value, run.unit, "{score}"),
        dataAbsentReason=_absent(run) if run.value is None else None,
        note=[{"text": run.note}] if run.value is not None else [],
        method=concept(text=run.method),
        device={"display": run.device} if run.device else None,
        component=[_part(name, value) for name, value in _parts(run)],
    )


def _absent(run: Run) -> Value:
    left_out = run.state == "left_out"
    words = f"{'Left out' if left_out else 'Interrupted'}. {run.why}".strip()
    return concept(*([NOT_PERFORMED] if left_out else []), text=words)


def _parts(run: Run) -> list[tuple[str, int]]:
    if run.form is None:
        return []
    return [*run.parts, ("Form", run.form), ("Practised before it", run.practised)]


def _part(name: str, value: int) -> Value:
    if name.endswith(", ms"):
        return {"code": concept(text=name.removesuffix(", ms")), "valueQuantity": quantity(value, "ms")}
    return {"code": concept(text=name), "valueInteger": value}
