"""The short tasks on a patient's phone, behind the link of their occasion, and on a tablet of the clinic.

Both have the same four addresses: the page of the task that comes next, and three that begin, end and leave
out one. A page gets only what it must show, and says only what was answered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.actor import Actor
from scheduler.errors import NotFoundError
from scheduler.features.accounts.link_throttle import count_answer
from scheduler.features.ratings.cognition.doors import Door, link_door, tablet_door
from scheduler.features.ratings.cognition.forms import practice_of
from scheduler.features.ratings.cognition.reading import LEFT_OUT_FOR, read_device, read_end, whole
from scheduler.features.ratings.cognition.runs import Beginning, begin, end, leave_out
from scheduler.features.ratings.cognition.sitting import Sitting, sitting_of
from scheduler.features.ratings.queries.links import Questions
from scheduler.features.ratings.views.kiosk import this_tablet
from scheduler.features.ratings.views.questions import blueprint, ended, open_link, thanks, words_of
from scheduler.rendering.language import load
from scheduler.tokens import token_hash
from scheduler.web import EVERYONE, access, attempt, reading, writing
from scheduler.web.inputs import any_text


@dataclass(frozen=True)
class Way:
    """How a patient came here: the occasion, the door to it, who is noted, and the addresses.

    `keep` names the place on a phone in which answers wait until they have arrived; empty on a tablet.
    """

    questions: Questions
    door: Door
    actor: Actor
    page: str
    begin: str
    end: str
    leave: str
    keep: str = ""


@blueprint.get("/r/<token>/tasks")
@access(EVERYONE)
def tasks(token: str) -> ResponseReturnValue:
    """The task that comes next behind a link."""
    way = _link(token)
    sitting = _sitting(way)
    if not sitting.is_open:
        return thanks(way.questions, crisis=False) if sitting.is_over else ended(way.questions)
    return _page(way, sitting)


@blueprint.post("/r/<token>/tasks/begin")
@access(EVERYONE)
def tasks_begin(token: str) -> ResponseReturnValue:
    """Begin a run on a phone."""
    return _counted(_link(token), _begin)


@blueprint.post("/r/<token>/tasks/end")
@access(EVERYONE)
@any_text
def tasks_end(token: str) -> ResponseReturnValue:
    """Take the end of a run on a phone."""
    return _counted(_link(token), _end)


@blueprint.post("/r/<token>/tasks/leave")
@access(EVERYONE)
def tasks_leave(token: str) -> ResponseReturnValue:
    """Leave a task out, on a phone."""
    return _counted(_link(token), _leave)


@blueprint.get("/kiosk/tasks")
@access(EVERYONE)
def kiosk_tasks() -> ResponseReturnValue:
    """The task that comes next on a tablet; the kiosk itself says it when none is left."""
    way = _tablet()
    sitting = _sitting(way)
    return _page(way, sitting) if sitting.is_open else redirect(url_for("questions.kiosk"), 303)


@blueprint.post("/kiosk/tasks/begin")
@access(EVERYONE)
def kiosk_begin() -> ResponseReturnValue:
    """Begin a run on a tablet."""
    return _begin(_tablet())


@blueprint.post("/kiosk/tasks/end")
@access(EVERYONE)
@any_text
def kiosk_end() -> ResponseReturnValue:
    """Take the end of a run on a tablet."""
    return _end(_tablet())


@blueprint.post("/kiosk/tasks/leave")
@access(EVERYONE)
def kiosk_leave() -> ResponseReturnValue:
    """Leave a task out, on a tablet."""
    return _leave(_tablet())


def _begin(way: Way) -> ResponseReturnValue:
    said = Beginning(
        request.form.get("task", ""),
        request.form.get("key", ""),
        whole(request.form.get("practised", ""), 99),
        read_device(request.form),
    )
    form = attempt(lambda s: begin(s, way.actor, clock.now(), way.door, said))
    return jsonify(form.shown)


def _end(way: Way) -> ResponseReturnValue:
    said = read_end(request.form)
    state = attempt(lambda s: end(s, way.actor, clock.now(), way.door, said))
    return jsonify(state=state.value)


def _leave(way: Way) -> ResponseReturnValue:
    task, reason = request.form.get("task", ""), request.form.get("why", "")
    known = reason if reason in LEFT_OUT_FOR else "other"
    attempt(lambda s: leave_out(s, way.actor, clock.now(), way.door, task, known))
    return redirect(way.page, 303)


def _counted(way: Way, then: Callable[[Way], ResponseReturnValue]) -> ResponseReturnValue:
    with writing() as session:
        count_answer(session, clock.now(), f"questions {way.questions.link_id}")
    return then(way)


def _link(token: str) -> Way:
    questions = open_link(token)
    return Way(
        questions,
        link_door(questions),
        Actor(None, "patient", request.remote_addr or ""),
        url_for("questions.tasks", token=token),
        url_for("questions.tasks_begin", token=token),
        url_for("questions.tasks_end", token=token),
        url_for("questions.tasks_leave", token=token),
        token_hash(token)[:16],
    )


def _tablet() -> Way:
    found = this_tablet()
    if found is None:
        raise NotFoundError("This browser is no tablet.")
    questions = found.questions
    return Way(
        questions,
        tablet_door(questions, found.kiosk_id),
        Actor(None, "patient, on the tablet", request.remote_addr or ""),
        url_for("questions.kiosk_tasks"),
        url_for("questions.kiosk_begin"),
        url_for("questions.kiosk_end"),
        url_for("questions.kiosk_leave"),
    )


def _sitting(way: Way) -> Sitting:
    with reading() as session:
        return sitting_of(session, way.door.course_id, way.door.slot, clock.now())


def _page(way: Way, sitting: Sitting) -> str:
    task = sitting.next
    rest = sitting.rest_until - clock.now() if sitting.rest_until else None
    return render_template(
        "ratings/cognition/task.html",
        questions=way.questions,
        w=words_of(way.questions),
        way=way,
        task=task.task.value,
        number=sitting.count - len(sitting.left) + 1,
        sitting=sitting,
        rest=int(rest.total_seconds()) + 1 if rest else 0,
        practice=practice_of(task.task),
        words=load(way.questions.language).phrases["tasks"],
        reasons=LEFT_OUT_FOR,
    )
