"""A patient in JSON: the shapes that programs read and send, and the way from there to what is stored.

Every value goes through the reader of the page's own form, so that a program can store nothing that a
person could not have typed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from scheduler.errors import RuleError
from scheduler.features.patients.age import lacks_guardian
from scheduler.features.patients.contact_wire import ContactWire
from scheduler.features.patients.data import Away, PatientData, Window
from scheduler.features.patients.fields import LANGUAGES, LONGEST_NAME, LONGEST_NOTE
from scheduler.features.patients.forms import PLAIN, PatientForm, Place, judged
from scheduler.web.api.fields import Line, Number
from scheduler.web.api.pagination import PageQuery

MOST = 60
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class WindowWire(Schema):
    """A stretch of a weekday in which a whole visit may lie; no window at all means any time."""

    weekday = fields.Integer(strict=True, required=True, validate=validate.Range(0, 6))
    from_minute = fields.Integer(strict=True, required=True, validate=validate.Range(0, 1439))
    to_minute = fields.Integer(strict=True, required=True, validate=validate.Range(1, 1440))

    @validates_schema
    def _order(self, data: Mapping[str, Any], **_more: Any) -> None:
        _check_minutes(data)


class AwayWire(Schema):
    """Days away, both ends included; with minutes, the same hours of each day."""

    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    from_minute = fields.Integer(
        strict=True, allow_none=True, load_default=None, validate=validate.Range(0, 1439)
    )
    to_minute = fields.Integer(
        strict=True, allow_none=True, load_default=None, validate=validate.Range(1, 1440)
    )
    note = Line(LONGEST_NOTE, load_default="")

    @validates_schema
    def _order(self, data: Mapping[str, Any], **_more: Any) -> None:
        if not EARLIEST <= data["first_day"] <= data["last_day"] <= LATEST:
            raise ValidationError("The last day can't come before the first one.", "last_day")
        if (data["from_minute"] is None) != (data["to_minute"] is None):
            raise ValidationError("Send both minutes or none.", "to_minute")
        _check_minutes(data)


class PatientLine(Schema):
    """A patient in a list."""

    id = fields.Integer(attribute="patient_id", required=True)
    record_number = fields.String(required=True)
    given_name = fields.String(required=True)
    family_name = fields.String(required=True)
    birth_date = fields.Date(required=True)
    phone = fields.String(allow_none=True, required=True)
    site_id = fields.Integer(required=True)
    archived = fields.Boolean(required=True)


class PatientSlice(Schema):
    """Some patients, and where the list goes on."""

    items = fields.List(fields.Nested(PatientLine), required=True)
    next = fields.String(allow_none=True, required=True)


class PatientQuery(PageQuery):
    """Which patients: words of the name, birth date, phone or record number in `q`."""

    q = Line(100, load_default="")
    archived = fields.Boolean(load_default=False)


class PatientChange(Schema):
    """What may be changed of a patient; what is left out stays as it is."""

    given_name = Line(LONGEST_NAME)
    family_name = Line(LONGEST_NAME)
    birth_date = fields.Date()
    phone = Line(40, allow_none=True)
    email = Line(254, allow_none=True)
    language = fields.String(validate=validate.OneOf([code for code, _ in LANGUAGES]))
    site_id = Number()
    record_number = Line(20)
    time_zone = Line(64, allow_none=True)
    guardian_name = Line(
        LONGEST_NAME, metadata={"description": "Who signs for them; a patient under 18 needs one"}
    )
    windows = fields.List(fields.Nested(WindowWire), validate=validate.Length(max=MOST))
    blackouts = fields.List(fields.Nested(AwayWire), validate=validate.Length(max=MOST))


class NewPatient(PatientChange):
    """A patient to add. Without a record number the site gives its next one."""

    given_name = Line(LONGEST_NAME, required=True)
    family_name = Line(LONGEST_NAME, required=True)
    birth_date = fields.Date(required=True)
    site_id = Number(required=True)
    add_anyway = fields.Boolean(
        load_default=False,
        metadata={"description": "Add them even where somebody looks the same; else that is a 409"},
    )


class PatientWire(Schema):
    """A whole patient."""

    id = fields.Integer(required=True)
    record_number = fields.String(required=True)
    given_name = fields.String(required=True)
    family_name = fields.String(required=True)
    birth_date = fields.Date(required=True)
    phone = fields.String(allow_none=True, required=True)
    email = fields.String(allow_none=True, required=True)
    language = fields.String(required=True)
    site_id = fields.Integer(required=True)
    time_zone = fields.String(allow_none=True, required=True)
    guardian_name = fields.String(required=True)
    windows = fields.List(fields.Nested(WindowWire), required=True)
    blackouts = fields.List(fields.Nested(AwayWire), required=True)
    archived_at = fields.AwareDateTime(allow_none=True, required=True)
    merged_into_id = fields.Integer(
        allow_none=True, required=True, metadata={"description": "The record that this one was merged into"}
    )
    created_at = fields.AwareDateTime(required=True)
    contact = fields.Nested(ContactWire, required=True)


def patient_facts(patient: Any, contact: Mapping[str, Any]) -> dict[str, Any]:
    """What `PatientWire` tells of a patient and of how they may be reached."""
    own = {name: getattr(patient, name) for name in PatientWire().fields if name != "contact"}
    return {**own, "contact": contact}


def patient_data(sent: Mapping[str, Any], old: Any, places: Mapping[str, Place], today: date) -> PatientData:
    """The patient that `sent` makes of `old` (None: of nothing). Raises RuleError with `errors` by field."""
    known = {name: getattr(old, name) for name in PLAIN} if old else {"language": "en"}
    values = known | {name: sent[name] for name in PLAIN if name in sent}
    typed = PatientForm({name: _typed(values.get(name)) for name in PLAIN})
    form = judged(typed, places, today, lacks_guardian=old is not None and lacks_guardian(old, today))
    if form.data is None:
        raise RuleError(" ".join(form.errors.values()), errors=form.errors)
    return replace(form.data, windows=_windows(sent, old), blackouts=_blackouts(sent, old))


def _windows(sent: Mapping[str, Any], old: Any) -> tuple[Window, ...]:
    if "windows" in sent:
        return tuple(sorted({Window(**each) for each in sent["windows"]}))
    return (
        tuple(Window(each.weekday, each.from_minute, each.to_minute) for each in old.windows) if old else ()
    )


def _blackouts(sent: Mapping[str, Any], old: Any) -> tuple[Away, ...]:
    if "blackouts" in sent:
        return tuple(Away(**each) for each in sent["blackouts"])
    kept = old.blackouts if old else ()
    return tuple(Away(a.first_day, a.last_day, a.from_minute, a.to_minute, a.note) for a in kept)


def _typed(value: Any) -> str:
    """A value as somebody would type it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _check_minutes(data: Mapping[str, Any]) -> None:
    start, end = data.get("from_minute"), data.get("to_minute")
    if start is not None and end is not None and start >= end:
        raise ValidationError("The end can't come before the beginning.", "to_minute")
