"""Runs of short tasks, as the patient's phone would have left them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from scheduler.features.ratings.cognition.forms import form_of
from scheduler.features.ratings.cognition.scoring import Response, score
from scheduler.models import CognitiveRun, CognitiveTask, Course, RatingSource, RunState, TimePoint

PHONE = {"width": 390, "height": 844, "touch": True}


def add_run(session: Session, course: Course, begun_at: datetime, **columns: Any) -> CognitiveRun:
    """A run of the symbols, or of what `columns` say, with one wrong answer in twenty; done unless they say
    why not (`reason`).
    """
    task, form = columns.setdefault("task", CognitiveTask.PAIRS), columns.setdefault("form", 7)
    ended = begun_at + timedelta(seconds=90)
    given = [
        Response(at, right if at else 0, 1500 * at, 1500 * at + 1200, "touch")
        for at, right in enumerate(form_of(task, 1, form).right[:20])
    ]
    facts: dict[str, Any] = {
        "key": f"link:test:{begun_at.timestamp()}:{form}",
        "course_id": course.id,
        "patient_id": course.patient_id,
        "time_point": TimePoint.BASELINE,
        "version": 1,
        "language": "en",
        "source": RatingSource.PATIENT,
        "practised": 1,
        "device": PHONE,
        "state": RunState.INTERRUPTED if columns.get("reason") else RunState.COMPLETE,
        "responses": [one.row for one in given],
        "score": None if columns.get("reason") else score(form_of(task, 1, form), given),
        "begun_at": begun_at,
        "ended_at": ended,
        "heard_at": ended,
    }
    run = CognitiveRun(**{**facts, **columns})
    session.add(run)
    session.flush()
    return run
