"""Courses in JSON: what programs ask for and book, and what they read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from scheduler.web.api.fields import Number, WallTime
from scheduler.web.api.pagination import PageQuery
from scheduler.web.inputs import GREATEST_ID


class Hours(Schema):
    """Preferred starts, in local minutes of the day."""

    from_minute = fields.Integer(strict=True, required=True, validate=validate.Range(0, 1439))
    to_minute = fields.Integer(strict=True, required=True, validate=validate.Range(1, 1440))

    @validates_schema
    def _order(self, data: Mapping[str, Any], **_more: Any) -> None:
        if data["from_minute"] >= data["to_minute"]:
            raise ValidationError("The end can't come before the beginning.", "to_minute")


class SearchWire(Schema):
    """What to look for. The first visit lies from `first` to `until`; without `site_ids`, at any site."""

    patient_id = Number(required=True)
    protocol_version_id = Number(required=True)
    site_ids = fields.List(Number(), load_default=list, validate=validate.Length(max=50))
    first = fields.Date(required=True)
    until = fields.Date(required=True)
    preferred = fields.Nested(Hours, allow_none=True, load_default=None)

    @validates_schema
    def _order(self, data: Mapping[str, Any], **_more: Any) -> None:
        if not date(2000, 1, 1) <= data["first"] <= data["until"] <= date(2199, 12, 31):
            raise ValidationError("The last day can't come before the first one.", "until")


class VisitWire(Schema):
    """One visit of a set: local start at the site."""

    chair_id = Number(required=True)
    start = WallTime(required=True, metadata={"description": "Local wall time at the site"})


class ProposalWire(Schema):
    """A complete set of dates at one site. Send its `site_id` and `visits` to book it."""

    site_id = fields.Integer(required=True)
    objective = fields.Integer(required=True, metadata={"description": "Cost; the best set has the least"})
    visits = fields.List(fields.Nested(VisitWire), required=True)


class ProposalList(Schema):
    """Up to three sets, the best first; none where the clinic has no room, and `detail` says that."""

    items = fields.List(fields.Nested(ProposalWire), required=True)
    detail = fields.String(required=True)


class NewCourse(Schema):
    """A whole course to book: all its visits or none."""

    patient_id = Number(required=True)
    protocol_version_id = Number(required=True)
    site_id = Number(required=True)
    preferred = fields.Nested(Hours, allow_none=True, load_default=None)
    visits = fields.List(fields.Nested(VisitWire), required=True, validate=validate.Length(1, 24))


class InfusionWire(Schema):
    """One visit of a course; instants in UTC, the day at the site."""

    id = fields.Integer(required=True)
    course_id = fields.Integer(required=True)
    patient_id = fields.Integer(required=True)
    site_id = fields.Integer(required=True)
    chair_id = fields.Integer(allow_none=True, required=True)
    number = fields.Integer(required=True)
    status = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    local_day = fields.Date(required=True)
    schedule_version = fields.Integer(required=True)


class CourseLine(Schema):
    """A course without its visits."""

    id = fields.Integer(required=True)
    patient_id = fields.Integer(required=True)
    site_id = fields.Integer(required=True)
    protocol_version_id = fields.Integer(required=True)
    protocol = fields.String(attribute="protocol_version.protocol.name", required=True)
    status = fields.String(required=True)
    booked_at = fields.AwareDateTime(required=True)


class CourseWire(CourseLine):
    """A course with all its visits, replaced ones too."""

    infusions = fields.List(fields.Nested(InfusionWire), required=True)


class CourseQuery(PageQuery):
    """Which courses: all, or those of one patient. Newest last."""

    patient_id = fields.Integer(validate=validate.Range(1, GREATEST_ID))


class CourseSlice(Schema):
    """Some courses, and where the list goes on."""

    items = fields.List(fields.Nested(CourseLine), required=True)
    next = fields.String(allow_none=True, required=True)
