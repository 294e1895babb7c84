"""What each task says, and the page where it is done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_login import current_user

from scheduler.features.tasks.actions import SETTLED_ELSEWHERE
from scheduler.features.tasks.queries import TaskLine
from scheduler.models import StaffTask, TaskKind
from scheduler.web.access import declared_access
from scheduler.web.filters import day_hm, day_year

TITLES = {
    TaskKind.VISIT_BROKEN: "Visit no longer holds",
    TaskKind.REPLAN: "New date needed",
    TaskKind.HOLD_ENDS: "Hold ends",
    TaskKind.STAFF_LEFT: "Somebody has left",
    TaskKind.COUNTS: "Does the infusion count?",
    TaskKind.CHANGE_ASKED: "Asks for another time",
    TaskKind.DECLINED: "Declined in the calendar",
    TaskKind.TEXTS_STOPPED: "Wants no more texts",
    TaskKind.REPLY_UNCLEAR: "A reply that is not clear",
    TaskKind.UNREACHABLE: "Cannot be reached",
    TaskKind.CHART_OPENED: "Chart opened in an emergency",
    TaskKind.CONSENT_WITHDRAWN: "Consent withdrawn",
    TaskKind.REQUEST_LATE: "A request is late",
}
STEPS = {  # The first endpoint that this application has, with its words.
    TaskKind.VISIT_BROKEN: (("courses.move", "Move the visit"), ("desk.visit", "Open the visit")),
    TaskKind.REPLAN: (("courses.replan", "Find new dates"), ("desk.course", "Open the course")),
    TaskKind.HOLD_ENDS: (("courses.resume", "Resume the course"), ("desk.course", "Open the course")),
    TaskKind.STAFF_LEFT: (("desk.course", "Open the course"), ("settings.index", "Open the settings")),
    TaskKind.COUNTS: (("desk.visit", "Open the visit"),),
    TaskKind.CHANGE_ASKED: (("courses.move", "Find another time"), ("desk.visit", "Open the visit")),
    TaskKind.DECLINED: (("courses.move", "Find another time"), ("desk.visit", "Open the visit")),
    TaskKind.TEXTS_STOPPED: (("desk.patient", "Open the patient"),),
    TaskKind.REPLY_UNCLEAR: (("outbox.came_in", "Read the reply"),),
    TaskKind.UNREACHABLE: (("desk.patient", "Open the patient"),),
    TaskKind.CHART_OPENED: (("emergency.opened", "Look at it"),),
    TaskKind.CONSENT_WITHDRAWN: (("desk.patient", "Open the patient"),),
    TaskKind.REQUEST_LATE: (("path.show", "Open the request"),),
}


@dataclass(frozen=True)
class ShownTask:
    """One line of the page. `step` is (words, address) of what to do next, None where there is nothing.

    What can be settled here is settled by anybody of the desk.
    """

    id: int
    title: str
    about: str
    patient: str
    patient_href: str
    site: str
    due: str
    step: tuple[str, str] | None
    can_settle: bool


def shown(line: TaskLine) -> ShownTask:
    """The line in words."""
    task = line.task
    visit = f"Visit {line.number}, {day_hm(line.starts)}." if line.starts else ""
    why = " ".join(part for part in (_wish(task), str(task.facts.get("why", ""))) if part)
    return ShownTask(
        id=task.id,
        title=TITLES[task.kind],
        about=" ".join(part for part in (visit, why) if part),
        patient=line.patient,
        patient_href=url_for("desk.patient", patient_id=task.patient_id) if task.patient_id else "",
        site=line.site,
        due=day_year(task.due_on) if task.due_on else "",
        step=_step(task),
        can_settle=task.kind not in SETTLED_ELSEWHERE,
    )


def _wish(task: StaffTask) -> str:
    """The time that the patient chose, in words."""
    day, time = task.facts.get("day"), task.facts.get("time")
    return f"Chose {day_hm(datetime.fromisoformat(f'{day}T{time}'))}." if day and time else ""


def _step(task: StaffTask) -> tuple[str, str] | None:
    for endpoint, words in STEPS[task.kind]:
        place = _place(task, endpoint)
        roles = declared_access(current_app, endpoint) or frozenset()
        if roles & current_user.roles and place is not None:
            return words, url_for(endpoint, **place)
    return None


def _place(task: StaffTask, endpoint: str) -> dict[str, Any] | None:
    """What the address of `endpoint` needs of the task; None where the task lacks it."""
    if endpoint == "courses.move" and task.infusion_id:
        chosen: dict[str, Any] = {name: task.facts[name] for name in ("day", "time") if name in task.facts}
        return {"infusion_id": task.infusion_id, **chosen}
    if endpoint == "desk.visit" and task.infusion_id:
        return {"infusion_id": task.infusion_id}
    if endpoint == "courses.replan" and task.course_id:
        return {"course_id": task.course_id, "after": task.infusion_id}
    if endpoint in ("courses.resume", "desk.course") and task.course_id:
        return {"course_id": task.course_id}
    if endpoint == "path.show":
        return {"request_id": task.facts["request_id"]}
    if endpoint == "desk.patient" and task.patient_id:
        return {"patient_id": task.patient_id}
    return {} if endpoint in ("settings.index", "outbox.came_in", "emergency.opened") else None
