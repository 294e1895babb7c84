"""What the pages of a screening show: the draft as it is typed, and what was signed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.intake.screening.changes import Change, changes
from scheduler.features.intake.screening.form import form_of
from scheduler.features.intake.screening.queries.draft import Draft, draft_of
from scheduler.features.intake.screening.queries.rows import of_patient, of_request
from scheduler.features.intake.screening.values import in_words
from scheduler.features.intake.steps import GONE
from scheduler.features.patients.queries import patient
from scheduler.models import ConsultationRequest, Screening, ScreeningAddendum, Site, User
from scheduler.rendering.canonical import Facts


@dataclass(frozen=True)
class Stamp:
    """Who did something and when, in the site's time."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Page:
    """A screening. `before` are the answers of the last one in words by question, `changes` what differs from
    it, `last` when that was signed; empty and None for a first one.
    """

    draft: Draft
    begun: Stamp
    before: Mapping[str, tuple[str, ...]]
    changes: Sequence[Change]
    last: Stamp | None


@dataclass(frozen=True)
class Beside:
    """One addendum."""

    words: str
    reason: str
    stamp: Stamp


@dataclass(frozen=True)
class Signed:
    """A screening as it was signed: `record` is what its bytes say."""

    record: Facts
    stamp: Stamp
    digest: str
    addenda: Sequence[Beside]


@dataclass(frozen=True)
class Line:
    """One screening of a person in the list: a draft without `signed`."""

    id: int
    begun: Stamp
    signed: Stamp | None
    outcome: str


@dataclass(frozen=True)
class Person:
    """Somebody with all their screenings, the newest first."""

    name: str
    record_number: str
    request_id: int | None
    patient_id: int | None
    lines: Sequence[Line]

    @property
    def open_id(self) -> int | None:
        """The draft that stands, if one does."""
        return next((line.id for line in self.lines if line.signed is None), None)


def page_of(session: Session, screening_id: int, at: datetime) -> Page:
    """A draft with all its page shows. Raises NotFoundError."""
    draft = draft_of(session, screening_id, at)
    row, previous = draft.row, draft.previous
    zone = ZoneInfo(draft.about.site.tz)
    if previous is None:
        return Page(draft, _stamp(session, row.begun_by_id, row.begun_at, zone), {}, (), None)
    old = (form_of(previous.form), previous.answers)
    return Page(
        draft,
        _stamp(session, row.begun_by_id, row.begun_at, zone),
        in_words(*old),
        changes(old, (draft.form, row.answers)),
        _signed(session, previous, zone),
    )


def signed_of(session: Session, row: Screening) -> Signed | None:
    """What was signed, or None for a draft."""
    zone = ZoneInfo(session.get_one(Site, row.site_id).tz)
    stamp = _signed(session, row, zone)
    if stamp is None or row.record is None or row.digest is None:
        return None
    addenda = session.scalars(
        select(ScreeningAddendum)
        .where(ScreeningAddendum.screening_id == row.id)
        .order_by(ScreeningAddendum.written_at, ScreeningAddendum.id)
    )
    beside = [
        Beside(one.words, one.reason, _stamp(session, one.written_by_id, one.written_at, zone))
        for one in addenda
    ]
    return Signed(json.loads(row.record), stamp, row.digest, beside)


def person_of_request(session: Session, request_id: int) -> Person:
    """Somebody who asked with their screenings, as a patient where they are one. Raises NotFoundError."""
    request = session.get(ConsultationRequest, request_id)
    if request is None or request.erased_at is not None:
        raise NotFoundError(GONE)
    if request.patient_id is not None:
        return replace(person_of_patient(session, request.patient_id), request_id=request.id)
    lines = [_line(session, row) for row in of_request(session, request.id)]
    return Person(request.name, "", request.id, None, lines)


def person_of_patient(session: Session, patient_id: int) -> Person:
    """A patient with their screenings. Raises NotFoundError."""
    found = patient(session, patient_id)
    lines = [_line(session, row) for row in of_patient(session, found.id)]
    return Person(found.name, found.record_number, None, found.id, lines)


def _line(session: Session, row: Screening) -> Line:
    zone = ZoneInfo(session.get_one(Site, row.site_id).tz)
    begun = _stamp(session, row.begun_by_id, row.begun_at, zone)
    return Line(row.id, begun, _signed(session, row, zone), row.outcome or "")


def _signed(session: Session, row: Screening, zone: ZoneInfo) -> Stamp | None:
    if row.signed_at is None:
        return None
    return _stamp(session, row.signed_by_id, row.signed_at, zone)


def _stamp(session: Session, user_id: int | None, at: datetime, zone: ZoneInfo) -> Stamp:
    user = session.get(User, user_id) if user_id else None
    return Stamp(user.name if user else "", at.astimezone(zone))
