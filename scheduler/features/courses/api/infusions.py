"""One visit for programs: read it, move it, take its steps, cancel it; by the actions of the pages.

Each change names the version that it was made from (If-Match). Where that is not the newest the answer is
412 with both: what the visit is now, and what was asked.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from flask import request

from scheduler import clock
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record_read
from scheduler.features.courses import queries
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.place import place_visits
from scheduler.features.courses.actions.step import take_step
from scheduler.features.courses.api.blueprint import blueprint
from scheduler.features.courses.ends import rest_of
from scheduler.features.courses.infusion_wire import (
    CancelWire,
    DoneWire,
    MoveWire,
    StateWire,
    done_facts,
    move_order,
    preview_facts,
    wish_of,
)
from scheduler.features.courses.moving.preview import move_preview
from scheduler.features.courses.placing import Done
from scheduler.features.courses.transitions import Step
from scheduler.features.courses.wire import InfusionWire
from scheduler.web import attempt, bearer, current_actor, reading, writing
from scheduler.web.api import Answer, etag, require_match
from scheduler.web.api.etags import IF_MATCH
from scheduler.web.api.refusals import ChangedError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.features.courses.queries import VisitBefore
    from scheduler.models import Infusion


@blueprint.route("/infusions/<int:infusion_id>")
@blueprint.response(200, InfusionWire)
@bearer("courses:read")
def infusion(infusion_id: int) -> Answer:
    """Read one visit."""
    with writing() as session:
        found = queries.infusion(session, infusion_id)
        record_read(session, current_actor(), clock.now(), "infusion", infusion_id, found.patient_id)
    return found, 200, etag(_version(found))


@blueprint.route("/infusions/<int:infusion_id>/move", methods=["POST"])
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(MoveWire)
@blueprint.response(200, DoneWire)
@bearer("infusions:write")
def move(sent: dict[str, Any], infusion_id: int) -> Answer:
    """Move a visit; with `preview`, see what that does to the others and which ways break nothing."""
    now = clock.now()
    if sent["preview"]:
        return _previewed(infusion_id, sent)

    def write(session: "Session", row: "Infusion") -> Done:
        order = move_order(sent, row, now)
        actor = current_actor()
        return place_visits(session, actor, now, row.course_id, order.placements, seen=order.seen)

    return _changed(infusion_id, sent, write)


@blueprint.route("/infusions/<int:infusion_id>/state", methods=["POST"])
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(StateWire)
@blueprint.response(200, DoneWire)
@bearer("infusions:write")
def state(sent: dict[str, Any], infusion_id: int) -> Answer:
    """Take a step of a visit's life, or correct one."""

    def write(session: "Session", row: "Infusion") -> Done:
        step, reason = Step(sent["step"]), sent["reason"]
        return take_step(
            session, current_actor(), clock.now(), infusion_id, step, seen=row.status, reason=reason
        )

    return _changed(infusion_id, sent, write)


@blueprint.route("/infusions/<int:infusion_id>/cancel", methods=["POST"])
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(CancelWire)
@blueprint.response(200, DoneWire)
@bearer("infusions:write")
def cancel(sent: dict[str, Any], infusion_id: int) -> Answer:
    """Cancel a visit, or it and all that follow."""

    def write(session: "Session", _row: "Infusion") -> Done:
        course_id, rest = rest_of(session, infusion_id)
        ids = rest if sent["rest"] else [infusion_id]
        return cancel_visits(session, current_actor(), clock.now(), course_id, ids, sent["reason"])

    return _changed(infusion_id, sent, write)


def _version(row: "Infusion | VisitBefore") -> str:
    """What the ETag of a visit says: it rises with every move and changes with every step."""
    return f"{row.schedule_version}-{row.status}"


def _changed(
    infusion_id: int, sent: dict[str, Any], write: Callable[["Session", "Infusion"], Done]
) -> Answer:
    """Do it to the version that was read, all or nothing; the answer holds the visits as they are now.

    The version is looked at before, and again in what the change found behind its locks: on PostgreSQL two
    programs may both have read the same one by then. Another program's same step is no repeat of this one's.
    """

    def work(session: "Session") -> Done:
        row = queries.infusion(session, infusion_id)
        require_match(_version(row))
        done = write(session, row)
        before = queries.before_change(session, done.change_id, infusion_id) or row
        if done.replayed or _version(before) not in request.if_match:
            raise ChangedError("Somebody was faster. Nothing was saved. Read it again.")
        return done

    try:
        done = attempt(work)
    except (ChangedError, ConflictError) as error:
        _refuse(infusion_id, sent, error)
    with reading() as session:
        rows = [queries.infusion(session, each) for each in done.infusion_ids]
        version = _version(queries.infusion(session, infusion_id))
    return done_facts(done, rows), 200, etag(version)


def _previewed(infusion_id: int, sent: dict[str, Any]) -> Answer:
    now = clock.now()
    wish = wish_of(sent, now)
    with writing() as session:
        row = queries.infusion(session, infusion_id)
        record_read(session, current_actor(), now, "infusion", infusion_id, row.patient_id)
    with reading() as session:
        row = queries.infusion(session, infusion_id)
        try:
            require_match(_version(row))
        except ChangedError as error:
            _refuse(infusion_id, sent, error)
        page = move_preview(session, now, infusion_id, wish)
    return preview_facts(page), 200, etag(_version(row))


def _refuse(infusion_id: int, sent: dict[str, Any], error: Exception) -> NoReturn:
    """412 with both values where the visit is another version by now, else the error as it is."""
    with reading() as session:
        row = queries.infusion(session, infusion_id)
    if request.if_match.is_strong(_version(row)):
        raise error
    words = row.status.replace("_", " ")
    raise ChangedError(
        f"Visit no. {row.number} was changed since you read it: it is {words} now. Nothing was saved. "
        "“now” is the visit as it is, “asked” what you sent.",
        now=InfusionWire().dump(row),
        asked={"if_match": request.headers.get("If-Match", ""), **sent},
    ) from error
