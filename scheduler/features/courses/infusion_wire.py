"""Changes of one visit in JSON: what programs ask for, what they are told, and the way to the actions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from scheduler.errors import RuleError
from scheduler.features.courses.moving.order import MoveOrder, decode_move
from scheduler.features.courses.moving.preview import MovePreview, MoveWish
from scheduler.features.courses.moving.ways import Way
from scheduler.features.courses.placing import Done, Placement
from scheduler.features.courses.transitions import Step
from scheduler.features.courses.wire import InfusionWire
from scheduler.models import Infusion
from scheduler.web.api.fields import Line, Number, WallTime

LONGEST_REASON = 500
FARTHEST = timedelta(days=366)
TOO_FAR = "The clinic plans one year ahead. Choose an earlier day."
OVER = "That time has passed. Choose a later one."


class OtherWire(Schema):
    """Another visit of the course that moves along, as a way of the preview has it."""

    infusion_id = Number(required=True)
    number = fields.Integer(strict=True, required=True, validate=validate.Range(1, 24))
    chair_id = Number(required=True)
    start = WallTime(required=True, metadata={"description": "Local wall time at the site"})
    schedule_version = Number(required=True)


class MoveWire(Schema):
    """Where a visit is to go. A way of the preview can be sent as it came: `start`, `chair_id`, `others`."""

    start = WallTime(required=True, metadata={"description": "Local wall time at the site"})
    chair_id = Number(
        allow_none=True,
        load_default=None,
        metadata={"description": "Without it the chair that the visit has; in a preview, any free one"},
    )
    others = fields.List(fields.Nested(OtherWire), load_default=list, validate=validate.Length(max=23))
    preview = fields.Boolean(load_default=False, metadata={"description": "Save nothing, say what it does"})


class StateWire(Schema):
    """A step of a visit's life. Corrections, `stop` and `hold_back` ask for a reason."""

    step = fields.String(
        required=True, validate=validate.OneOf([each.value for each in Step if each is not Step.CANCEL])
    )
    reason = Line(LONGEST_REASON, load_default="")


class CancelWire(Schema):
    """Why a visit is cancelled; with `rest`, those that follow it too."""

    reason = Line(LONGEST_REASON, required=True)
    rest = fields.Boolean(load_default=False)


class WayWire(Schema):
    """One way to move the visit that breaks nothing, the one with the fewest moves first."""

    name = fields.String(required=True)
    why = fields.String(required=True)
    start = fields.String(required=True)
    chair_id = fields.Integer(required=True)
    others = fields.List(fields.Nested(OtherWire), required=True)


class DoneWire(Schema):
    """What was done, or would be. A preview has no `change_id`.

    `refused` says what nobody can set aside, `breaks` which distances the protocol does not allow,
    `notes` what is worth knowing.
    """

    change_id = fields.Integer(allow_none=True, required=True)
    infusions = fields.List(fields.Nested(InfusionWire), required=True)
    messages = fields.Integer(required=True, metadata={"description": "Messages written to the patient"})
    undo_until = fields.AwareDateTime(allow_none=True, required=True)
    refused = fields.List(fields.String(), required=True)
    breaks = fields.List(fields.String(), required=True)
    notes = fields.List(fields.String(), required=True)
    ways = fields.List(fields.Nested(WayWire), required=True)


def wish_of(sent: Mapping[str, Any], now: datetime) -> MoveWish:
    """The wish of a preview. Raises RuleError for a day that nobody can plan."""
    start = _in_sight(sent["start"], now, "start")
    return MoveWish(start.date(), start.hour * 60 + start.minute, sent["chair_id"])


def move_order(sent: Mapping[str, Any], row: Infusion, now: datetime) -> MoveOrder:
    """What to place where, for the visit `row` and those that move along."""
    chair_id = sent["chair_id"] or row.chair_id
    if chair_id is None:
        raise RuleError("The visit has no chair. Name one.", messages={"json": {"chair_id": ["Name one."]}})
    placements = [Placement(row.number, chair_id, _in_sight(sent["start"], now, "start"), row.id)]
    seen = {row.id: row.schedule_version}
    for each in sent["others"]:
        start = _in_sight(each["start"], now, "others")
        placements.append(Placement(each["number"], each["chair_id"], start, each["infusion_id"]))
        seen[each["infusion_id"]] = each["schedule_version"]
    return MoveOrder(tuple(placements), seen)


def done_facts(done: Done, rows: Sequence[Infusion]) -> dict[str, Any]:
    """The answer after a change."""
    return {
        "change_id": done.change_id,
        "infusions": rows,
        "messages": done.messages,
        "undo_until": done.undo_until,
        "refused": (),
        "breaks": (),
        "notes": (),
        "ways": (),
    }


def preview_facts(page: MovePreview) -> dict[str, Any]:
    """The answer to a preview: nothing was changed."""
    return {
        "change_id": None,
        "infusions": (page.row,),
        "messages": 0,
        "undo_until": None,
        "refused": page.hard,
        "breaks": page.broken,
        "notes": page.notes,
        "ways": [_way_facts(page, way) for way in page.ways],
    }


def _way_facts(page: MovePreview, way: Way) -> dict[str, Any]:
    order = decode_move(way.value) if way.value else MoveOrder((), {})
    own = next((each for each in order.placements if each.infusion_id == page.row.id), None)
    start, chair_id = (own.start, own.chair_id) if own else (page.start, page.row.chair_id)
    others = [
        {
            "infusion_id": each.infusion_id,
            "number": each.number,
            "chair_id": each.chair_id,
            "start": _wall(each.start),
            "schedule_version": order.seen[each.infusion_id],
        }
        for each in order.placements
        if each is not own and each.infusion_id is not None
    ]
    return {
        "name": way.name, "why": way.why, "start": _wall(start), "chair_id": chair_id, "others": others,
    }  # fmt: skip


def _in_sight(start: datetime, now: datetime, field: str) -> datetime:
    """The start, where it lies in what a clinic plans."""
    today = now.date()
    if not today - timedelta(days=1) <= start.date() <= today + FARTHEST:
        words = TOO_FAR if start.date() > today else OVER
        raise RuleError(words, messages={"json": {field: [words]}})
    return start


def _wall(start: datetime) -> str:
    return f"{start:%Y-%m-%dT%H:%M}"
