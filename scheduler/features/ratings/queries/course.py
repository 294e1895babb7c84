"""The ratings of one course on one page: every occasion with what was given, and how the course goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.courses.queries import whose
from scheduler.features.ratings.instruments import Instrument
from scheduler.features.ratings.occasions import Occasion, Slot, State
from scheduler.features.ratings.own.known import Known, known, newest
from scheduler.features.ratings.progress import Progress, progress, response_line
from scheduler.features.ratings.queries.facts import Asked, asked_of
from scheduler.features.ratings.queries.series import first_infusion_at, series_of
from scheduler.features.ratings.scoring import band_of
from scheduler.features.ratings.slots import slot_name
from scheduler.features.ratings.words import said
from scheduler.features.tasks.alerts import OpenAlert, open_alerts_of
from scheduler.models import Rating, RatingSource, User

SOURCES = {
    RatingSource.PATIENT: "by the patient's link",
    RatingSource.KIOSK: "on the tablet",
    RatingSource.STAFF: "by the staff",
}


@dataclass(frozen=True)
class Given:
    """One rating as staff read it; times are local. `total` is None where a question was left out."""

    id: int
    name: str
    total: int | None
    most: int
    band: str
    rated_at: datetime
    by: str
    voided_at: datetime | None
    void_reason: str | None


@dataclass(frozen=True)
class Part:
    """One instrument of an occasion."""

    code: str
    name: str
    given: Given | None


@dataclass(frozen=True)
class Line:
    """One occasion: where it stands, what was given to each instrument; `is_open` once it takes answers."""

    slot: str
    title: str
    state: State
    due_at: datetime
    is_open: bool
    parts: Sequence[Part]


@dataclass(frozen=True)
class Going:
    """How one instrument goes in this course."""

    name: str
    is_primary: bool
    progress: Progress
    last_days: int
    response_at_most: int | None
    responded_at: datetime | None
    remitted_at: datetime | None


@dataclass(frozen=True)
class CourseRatings:
    """The page; times are local to the site."""

    course_id: int
    patient_id: int
    patient: str
    record_number: str
    primary: str
    lines: Sequence[Line]
    goings: Sequence[Going]
    alerts: Sequence[OpenAlert]


def course_ratings(session: Session, course_id: int, now: datetime) -> CourseRatings:
    """Everything the page shows. Raises NotFoundError."""
    patient, zone = whose(session, course_id)
    asked = asked_of(session, course_id)
    rows = _current(session, course_id, zone)
    everything = known(session)
    return CourseRatings(
        course_id=course_id,
        patient_id=patient.id,
        patient=patient.name,
        record_number=patient.record_number,
        primary=asked.plan.primary,
        lines=[_line(everything, one, asked, rows, now, zone) for one in asked.occasions],
        goings=_goings(session, course_id, asked.plan.primary, now, zone),
        alerts=open_alerts_of(session, course_id),
    )


def ratings_at(session: Session, course_id: int, slot: Slot, code: str, tz: ZoneInfo) -> list[Given]:
    """All ratings of one instrument at one slot, voided ones too, the oldest first."""
    return [
        given for at, instrument, given in _read(session, course_id, tz) if at == slot and instrument == code
    ]


def instrument_at(session: Session, asked: Asked, slot: Slot, code: str) -> Instrument:
    """The version that the plan asks at the slot, else the newest there is. Raises NotFoundError."""
    planned = [key for key in asked.of(slot).asked if key[0] == code]
    found = known(session)[planned[-1]] if planned else newest(session, code)
    if found is None:
        raise NotFoundError("There is no such instrument.")
    return found


def _line(
    everything: Known,
    one: Occasion,
    asked: Asked,
    rows: Mapping[tuple[Slot, str], Given],
    now: datetime,
    zone: ZoneInfo,
) -> Line:
    names = {code: everything[code, version].name for code, version in one.asked}
    for (slot, code), given in rows.items():
        if slot == one.slot and code not in names:  # Recorded on top of what the plan asks.
            names[code] = given.name
    return Line(
        slot=slot_name(one.slot),
        title=said(one.slot, one.number),
        state=one.state(now, asked.given),
        due_at=one.due_at.astimezone(zone),
        is_open=one.opens_at <= now,
        parts=[Part(code, name, rows.get((one.slot, code))) for code, name in names.items()],
    )


def _goings(session: Session, course_id: int, primary: str, now: datetime, zone: ZoneInfo) -> list[Going]:
    start = first_infusion_at(session, course_id)
    found = []
    for (code, _), series in series_of(session, course_id).items():
        going = progress(series, start)
        age = going.age(now)
        base = going.baseline.total if going.baseline else None
        found.append(
            Going(
                series.instrument.name,
                code == primary,
                going,
                age.days if age else 0,
                response_line(base) if base else None,
                going.responded_at.astimezone(zone) if going.responded_at else None,
                going.remitted_at.astimezone(zone) if going.remitted_at else None,
            )
        )
    return sorted(found, key=lambda one: (not one.is_primary, one.name))


def _current(session: Session, course_id: int, zone: ZoneInfo) -> dict[tuple[Slot, str], Given]:
    return {
        (slot, code): given
        for slot, code, given in _read(session, course_id, zone)
        if given.voided_at is None
    }


def _read(session: Session, course_id: int, zone: ZoneInfo) -> list[tuple[Slot, str, Given]]:
    rows = session.execute(
        select(Rating, User.name)
        .outerjoin(User, User.id == Rating.entered_by_id)
        .where(Rating.course_id == course_id)
        .order_by(Rating.id)
    ).all()
    everything = known(session)
    return [
        (Slot(row.time_point, row.infusion_id, row.week), row.instrument, _given(everything, row, name, zone))
        for row, name in rows
    ]


def _given(everything: Known, row: Rating, name: str | None, zone: ZoneInfo) -> Given:
    instrument = everything[row.instrument, row.instrument_version]
    given = Given(
        row.id,
        instrument.name,
        row.total,
        instrument.total_most,
        band_of(instrument, row.total),
        row.rated_at.astimezone(zone),
        f"by {name}" if name else SOURCES[row.source],
        row.voided_at,
        row.void_reason,
    )
    return replace(given, voided_at=row.voided_at.astimezone(zone)) if row.voided_at else given
