"""Courses for programs: search for dates, book, read."""

import re
from typing import Any

from flask import g, request

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record, record_read
from scheduler.features.courses import queries
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.api.blueprint import blueprint
from scheduler.features.courses.asked import asked_proposals, wishes_of
from scheduler.features.courses.order import CourseOrder, Visit
from scheduler.features.courses.wire import (
    CourseQuery,
    CourseSlice,
    CourseWire,
    NewCourse,
    ProposalList,
    SearchWire,
)
from scheduler.features.courses.wishes import Span
from scheduler.web import attempt, bearer, current_actor, reading, writing
from scheduler.web.api import Answer, Slice, etag, read_cursor

KEY = re.compile(r"[\x21-\x7e]{1,64}")
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "Your own name for this booking. The same key and body again give the same course.",
    "schema": {"type": "string", "pattern": r"^[!-~]{1,64}$"},
}


@blueprint.route("/proposals", methods=["POST"])
@blueprint.arguments(SearchWire)
@blueprint.response(200, ProposalList)
@bearer("courses:read")
def proposals(sent: dict[str, Any]) -> dict[str, Any]:
    """Search for complete sets of dates. Nothing is booked or held."""
    now = clock.now()
    with reading() as session:
        found = asked_proposals(
            session,
            now,
            patient_id=sent["patient_id"],
            version_id=sent["protocol_version_id"],
            site_ids=sent["site_ids"],
            first=sent["first"],
            until=sent["until"],
            preferred=_span(sent["preferred"]),
        )
    with writing() as session:
        record_read(session, current_actor(), now, "patient", sent["patient_id"], sent["patient_id"])
    return found


@blueprint.route("/courses", methods=["POST"])
@blueprint.doc(parameters=[IDEMPOTENCY_KEY])
@blueprint.arguments(NewCourse)
@blueprint.response(201, CourseWire)
@bearer("courses:write")
def book(sent: dict[str, Any]) -> Answer:
    """Book a course: all its visits or none, and once for each Idempotency-Key."""
    now, key = clock.now(), _key()
    with reading() as session:
        wishes = wishes_of(session, sent["patient_id"], _span(sent["preferred"]))
    order = CourseOrder(
        patient_id=sent["patient_id"],
        site_id=sent["site_id"],
        protocol_version_id=sent["protocol_version_id"],
        visits=tuple(
            Visit(number, each["chair_id"], each["start"]) for number, each in enumerate(sent["visits"], 1)
        ),
        wishes=wishes.to_json(),
        key=key,
        asked={"preferred": sent["preferred"]},
    )
    booked = attempt(lambda session: book_course(session, current_actor(), now, order))
    with reading() as session:
        course = queries.course(session, booked.course_id)
    return course, 201, etag(course.version)


@blueprint.route("/courses")
@blueprint.arguments(CourseQuery, location="query")
@blueprint.response(200, CourseSlice)
@bearer("courses:read")
def index(query: dict[str, Any]) -> Slice:
    """List courses, all or those of one patient."""
    with reading() as session:
        found = queries.courses(session, query.get("patient_id"), read_cursor(query), query["limit"] + 1)
    shown = found[: query["limit"]]
    with writing() as session:
        patient_id = query.get("patient_id") if shown else None
        record(
            session, current_actor(), clock.now(), "courses.listed", "course", None, patient_id,
            shown=len(shown),
        )  # fmt: skip
    return Slice(shown, str(shown[-1].id) if len(found) > len(shown) else None)


@blueprint.route("/courses/<int:course_id>")
@blueprint.response(200, CourseWire)
@bearer("courses:read")
def one(course_id: int) -> Answer:
    """Read a course with its visits."""
    with writing() as session:
        course = queries.course(session, course_id)
        record_read(session, current_actor(), clock.now(), "course", course_id, course.patient_id)
    return course, 200, etag(course.version)


def _key() -> str:
    """The booking key of this request: the program's own, apart from those of other tokens and of pages."""
    sent = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(sent):
        wrong = "Send an Idempotency-Key of 1 to 64 visible characters, so that a repeat books nothing twice."
        raise RuleError(wrong, messages={"headers": {"Idempotency-Key": [wrong]}})
    return f"api:{g.token_id}:{sent}"


def _span(sent: dict[str, int] | None) -> Span | None:
    return (sent["from_minute"], sent["to_minute"]) if sent else None
