"""The waiting list in JSON: what programs read and send."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from scheduler.features.waiting.finds import Find
from scheduler.features.waiting.forms import LONGEST_MOVE
from scheduler.features.waiting.queries import Line
from scheduler.features.waiting.steps import BY_PEOPLE, WaitingStep
from scheduler.features.waiting.wish import LONGEST_NOTE, LONGEST_REACH, MOST_NOTICE, Wish
from scheduler.web.api.fields import Line as TextLine
from scheduler.web.api.fields import Number
from scheduler.web.api.pagination import PageQuery
from scheduler.web.inputs import GREATEST_ID

WITH_MOVE = (WaitingStep.OFFER.value, WaitingStep.ACCEPT.value)


class WishWire(Schema):
    """What is waited for: half-days such as `0a` (Monday morning), and hours of notice before the visit."""

    earlier = fields.Boolean(
        required=True,
        truthy={True},
        falsy={False},
        metadata={"description": "Only an earlier day than now; a whole course always waits for that"},
    )
    half_days = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-6][ap]$")),
        required=True,
        validate=validate.Length(1, 14),
    )
    notice_hours = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, MOST_NOTICE))
    reach = TextLine(LONGEST_REACH, load_default="")
    note = TextLine(LONGEST_NOTE, load_default="")


class NewEntry(WishWire):
    """Who waits: the visit, or without `infusion_id` all that is left of the course."""

    course_id = Number(required=True)
    infusion_id = Number(allow_none=True, load_default=None)


class EntryWire(Schema):
    """An entry of the list. While an offer stands, `move` is what an acceptance sends back."""

    id = fields.Integer(required=True)
    course_id = fields.Integer(required=True)
    patient_id = fields.Integer(attribute="course.patient_id", required=True)
    infusion_id = fields.Integer(allow_none=True, required=True)
    status = fields.String(required=True)
    earlier = fields.Boolean(required=True)
    half_days = fields.List(fields.String(), required=True)
    notice_hours = fields.Integer(required=True)
    reach = fields.String(required=True)
    note = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)
    move = fields.String(attribute="offer", allow_none=True, required=True)
    offer_until = fields.AwareDateTime(allow_none=True, required=True)


class EntryQuery(PageQuery):
    """Which open entries: all, or those of one patient. Those who have waited longest first."""

    patient_id = fields.Integer(validate=validate.Range(1, GREATEST_ID))


class EntrySlice(Schema):
    """Some entries, and where the list goes on."""

    items = fields.List(fields.Nested(EntryWire), required=True)
    next = fields.String(allow_none=True, required=True)


class MovedVisit(Schema):
    """Where a visit would go: local start at the site."""

    number = fields.Integer(required=True)
    start = fields.String(required=True, metadata={"description": "Local wall time at the site"})


class OfferWire(Schema):
    """A move that is free now. Send `move` to offer or accept it."""

    entry_id = fields.Integer(required=True)
    patient_id = fields.Integer(required=True)
    gain = fields.Integer(required=True, metadata={"description": "Points; 0 and less: no better course"})
    why = fields.String(required=True)
    move = fields.String(required=True)
    visits = fields.List(fields.Nested(MovedVisit), required=True)


class OfferQuery(Schema):
    """How many of those who wait are passed over, those with the greatest gain first: `next` of a look."""

    skip = fields.Integer(load_default=0, validate=validate.Range(0, GREATEST_ID))


class OfferList(Schema):
    """What could be offered now, the greatest gain first. One look asks the planner for some who wait."""

    items = fields.List(fields.Nested(OfferWire), required=True)
    next = fields.Integer(
        allow_none=True,
        required=True,
        metadata={"description": "The `skip` of the next look"},
    )


class StepWire(Schema):
    """A step: offer and accept need the `move`, the others have none."""

    step = fields.String(required=True, validate=validate.OneOf([each.value for each in BY_PEOPLE]))
    move = TextLine(LONGEST_MOVE, load_default="")

    @validates_schema
    def _move(self, data: Mapping[str, Any], **_more: Any) -> None:
        if (data["step"] in WITH_MOVE) != bool(data["move"]):
            raise ValidationError(
                "Offer and accept name the move that the list gave; no other step does.", "move"
            )


def wish_from(sent: Mapping[str, Any]) -> Wish:
    """The wish that a program sent."""
    return Wish(
        sent["earlier"], frozenset(sent["half_days"]), sent["notice_hours"], sent["reach"], sent["note"]
    )


def offer_data(line: Line, find: Find) -> dict[str, Any]:
    """A line of the list as programs read it."""
    return {
        "entry_id": line.entry.id,
        "patient_id": line.patient.id,
        "gain": find.gain,
        "why": find.why,
        "move": find.way.value,
        "visits": [
            {"number": each.number, "start": f"{each.after:%Y-%m-%dT%H:%M}"}
            for each in find.way.lines
            if each.moves
        ],
    }
