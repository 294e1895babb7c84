"""Protocols for programs: the newest version of each that can be booked."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from scheduler.features.capacity.queries import current_protocols
from scheduler.web import bearer, reading
from scheduler.web.api import api_blueprint

blueprint = api_blueprint("protocols", "What courses can be booked")


class PhaseWire(Schema):
    """A stretch of a visit."""

    name = fields.String(required=True)
    minutes = fields.Integer(required=True)
    patients_per_nurse = fields.Integer(required=True)
    clinician_present = fields.Boolean(required=True)


class ProtocolWire(Schema):
    """A version of a protocol; gaps and spans in local days."""

    version_id = fields.Integer(attribute="id", required=True)
    protocol_id = fields.Integer(required=True)
    name = fields.String(attribute="protocol.name", required=True)
    version = fields.Integer(required=True)
    infusions = fields.Integer(required=True)
    gap_min = fields.Integer(required=True)
    gap_target = fields.Integer(required=True)
    gap_max = fields.Integer(required=True)
    span_min = fields.Integer(required=True)
    span_max = fields.Integer(required=True)
    visit_minutes = fields.Integer(required=True)
    chair_type = fields.String(allow_none=True, required=True)
    phases = fields.List(fields.Nested(PhaseWire), required=True)


class ProtocolList(Schema):
    """All of them; a clinic has few."""

    items = fields.List(fields.Nested(ProtocolWire), required=True)


@blueprint.route("/protocols")
@blueprint.response(200, ProtocolList)
@bearer("protocols:read")
def index() -> dict[str, Sequence[Any]]:
    """List the protocols that can be booked now."""
    with reading() as session:
        return {"items": current_protocols(session)}
