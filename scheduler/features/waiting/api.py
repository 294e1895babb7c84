"""The waiting list for programs: read it, put patients on it, offer, accept."""

from typing import Any

from scheduler import clock
from scheduler.features.audit.actions import record, record_read
from scheduler.features.waiting import queries
from scheduler.features.waiting.actions.answer import accept, answer, offer
from scheduler.features.waiting.actions.entries import add_entry, edit_entry, locked_entry
from scheduler.features.waiting.steps import WaitingStep
from scheduler.features.waiting.wire import (
    EntryQuery,
    EntrySlice,
    EntryWire,
    NewEntry,
    OfferList,
    OfferQuery,
    StepWire,
    WishWire,
    offer_data,
    wish_from,
)
from scheduler.web import attempt, bearer, current_actor, reading, writing
from scheduler.web.api import Answer, Slice, api_blueprint, etag, read_cursor, require_match
from scheduler.web.api.etags import IF_MATCH

blueprint = api_blueprint("waiting", "The waiting list and what could be offered")


@blueprint.route("/waiting")
@blueprint.arguments(EntryQuery, location="query")
@blueprint.response(200, EntrySlice)
@bearer("waiting:read")
def index(query: dict[str, Any]) -> Slice:
    """List the open entries."""
    patient_id, limit = query.get("patient_id"), query["limit"]
    with reading() as session:
        found = queries.entries(session, patient_id=patient_id, after=read_cursor(query), limit=limit + 1)
    shown = found[:limit]
    with writing() as session:
        record(session, current_actor(), clock.now(), "waiting.listed", "waiting_entry", shown=len(shown))
    return Slice(shown, str(shown[-1].id) if len(found) > len(shown) else None)


@blueprint.route("/waiting", methods=["POST"])
@blueprint.arguments(NewEntry)
@blueprint.response(201, EntryWire)
@bearer("waiting:write")
def add(sent: dict[str, Any]) -> Answer:
    """Put a patient on the list."""
    entry_id = attempt(
        lambda session: (
            add_entry(
                session,
                current_actor(),
                clock.now(),
                sent["course_id"],
                sent["infusion_id"],
                wish_from(sent),
            ).id
        )
    )
    return _answer(entry_id, 201)


@blueprint.route("/waiting/offers")
@blueprint.arguments(OfferQuery, location="query")
@blueprint.response(200, OfferList)
@bearer("waiting:read")
def offers(query: dict[str, Any]) -> dict[str, Any]:
    """Ask what could be offered now. Nothing is held by asking."""
    with reading() as session:
        found = queries.look(session, clock.now(), query["skip"])
    items = [offer_data(line, line.find) for line in found.lines if line.find]
    with writing() as session:
        record(session, current_actor(), clock.now(), "waiting.listed", "waiting_entry", shown=len(items))
    return {"items": items, "next": found.next}


@blueprint.route("/waiting/<int:entry_id>")
@blueprint.response(200, EntryWire)
@bearer("waiting:read")
def one(entry_id: int) -> Answer:
    """Read an entry."""
    with writing() as session:
        found = queries.entry(session, entry_id)
        person = found.course.patient_id
        record_read(session, current_actor(), clock.now(), "waiting_entry", entry_id, person)
    return found, 200, etag(found.version)


@blueprint.route("/waiting/<int:entry_id>", methods=["PUT"])
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(WishWire)
@blueprint.response(200, EntryWire)
@bearer("waiting:write")
def change(sent: dict[str, Any], entry_id: int) -> Answer:
    """Change what an entry waits for."""
    with writing() as session:
        version = locked_entry(session, entry_id).version
        require_match(version)
        edit_entry(session, current_actor(), clock.now(), entry_id, wish_from(sent), version)
    return _answer(entry_id, 200)


@blueprint.route("/waiting/<int:entry_id>/steps", methods=["POST"])
@blueprint.arguments(StepWire)
@blueprint.response(200, EntryWire)
@bearer("waiting:write")
def step(sent: dict[str, Any], entry_id: int) -> Answer:
    """Take a step. The same step twice is taken once; accepting moves the visits, or says who was faster."""
    now, actor, taken = clock.now(), current_actor(), WaitingStep(sent["step"])
    if taken is WaitingStep.ACCEPT:
        attempt(lambda session: accept(session, actor, now, entry_id, sent["move"]))
    elif taken is WaitingStep.OFFER:
        attempt(lambda session: offer(session, actor, now, entry_id, sent["move"]).id)
    else:
        attempt(lambda session: answer(session, actor, now, entry_id, taken).id)
    return _answer(entry_id, 200)


def _answer(entry_id: int, status: int) -> Answer:
    with reading() as session:
        found = queries.entry(session, entry_id)
    return found, status, etag(found.version)
