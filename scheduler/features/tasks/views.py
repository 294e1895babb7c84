"""The page of what waits for somebody, and saying how it was settled."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.tasks.actions import settle_task
from scheduler.features.tasks.queries import task_lines
from scheduler.features.tasks.words import shown
from scheduler.web import DESK, access, current_actor, reading, writing

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/tasks")
@access(DESK)
def index() -> ResponseReturnValue:
    """All that waits, the most urgent first."""
    answer = _page()
    with writing() as session:
        record(session, current_actor(), clock.now(), "tasks.listed", "task")
    return answer


@blueprint.post("/tasks/<int:task_id>/settle")
@access(DESK)
def settle(task_id: int) -> ResponseReturnValue:
    """Say how a task was settled; the page again where that can't be."""
    outcome = request.form.get("outcome", "")
    try:
        with writing() as session:
            settle_task(session, current_actor(), clock.now(), task_id, outcome)
    except (RuleError, ConflictError) as error:
        return _page(task_id, outcome, error.sentence), error.status
    flash("The task is settled.", "ok")
    return redirect(url_for("tasks.index"), 303)


def _page(wrong_id: int = 0, typed: str = "", trouble: str = "") -> str:
    with reading() as session:
        tasks = [shown(line) for line in task_lines(session)]
    return render_template("tasks/index.html", tasks=tasks, wrong_id=wrong_id, typed=typed, trouble=trouble)
