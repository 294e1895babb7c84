"""What the rating panel of a visit shows: for each time point what stands there, and the form.

The slice draws its panel itself, so that the visit page and the answer to a form that came back show one
and the same thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError, RuleError
from scheduler.features.courses.queries import whose
from scheduler.features.ratings.entry import Place
from scheduler.features.ratings.instruments import ANXIETY_NOW, Wording
from scheduler.features.ratings.occasions import Slot as At
from scheduler.features.ratings.own.known import known
from scheduler.features.ratings.plan import plan_of
from scheduler.features.ratings.queries.ratings import RatingRow, given, of_infusion
from scheduler.features.ratings.slots import slot_name
from scheduler.features.ratings.timing import AT_VISIT, NOT_RATED, due_at, hours, lacking, window
from scheduler.features.ratings.words import WHEN
from scheduler.models import Infusion, Patient, Site


@dataclass(frozen=True)
class Other:
    """Another instrument that is asked at the same time point, on a page of its own."""

    name: str
    slot: str
    code: str
    is_given: bool


@dataclass(frozen=True)
class Slot:
    """One time point: the rating that stands, those that were voided, and whether one can be given now.

    `opens_at` and `due_at` are local; `is_due` says it could have been given and was not, `is_over` that
    no answer of today could fill it any more.
    """

    time_point: str
    title: str
    current: RatingRow | None
    voided: Sequence[RatingRow]
    opens_at: datetime
    due_at: datetime
    is_open: bool
    is_due: bool
    is_over: bool
    others: Sequence[Other]

    def offered(self, now: datetime) -> tuple[date, str]:
        """The day and time that its form begins with: those of the rating to correct, else the present.

        Where an answer of the present can't be right, only the day is offered: a made-up time might be saved.
        """
        if self.current is not None:
            return self.current.rated_at.date(), f"{self.current.rated_at:%H:%M}"
        return (self.due_at.date(), "") if self.is_over else (now.date(), f"{now:%H:%M}")


@dataclass(frozen=True)
class Panel:
    """The ratings of one visit; times are local to `tz`."""

    infusion_id: int
    course_id: int
    patient_id: int
    patient: str
    number: int
    tz: str
    language: str
    wording: Wording
    wording_en: Wording
    least: int
    most: int
    takes_place: bool
    slots: Sequence[Slot]
    now: datetime
    visit_at: datetime

    @property
    def asked_first(self) -> str | None:
        """The time point whose form has the main button: one still to be had before one that is over."""
        waiting = sorted((slot for slot in self.slots if slot.is_due), key=lambda slot: slot.is_over)
        return waiting[0].time_point if waiting else None

    @property
    def today(self) -> date:
        """The date at the site."""
        return self.now.date()


def place_of(session: Session, infusion_id: int) -> Place:
    """Whose visit it is, and where. Raises NotFoundError, and RuleError where it did not take place."""
    visit = session.get(Infusion, infusion_id)
    if visit is None:
        raise NotFoundError("There is no such visit.")
    if visit.status in NOT_RATED:
        raise RuleError("This visit did not take place, so it takes no rating.")
    return place_of_course(session, visit.course_id)


def place_of_course(session: Session, course_id: int) -> Place:
    """Whose course it is, and where. Raises NotFoundError."""
    patient, zone = whose(session, course_id)
    return Place(course_id, patient.id, zone, patient.language)


def panel_of(session: Session, infusion_id: int, now: datetime) -> Panel:
    """Everything the panel shows. Raises NotFoundError."""
    found = session.execute(
        select(Infusion, Patient, Site.tz)
        .join(Patient, Patient.id == Infusion.patient_id)
        .join(Site, Site.id == Infusion.site_id)
        .where(Infusion.id == infusion_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such visit.")
    visit, patient, tz = found
    zone = ZoneInfo(tz)
    rows = [_local(row, zone) for row in of_infusion(session, infusion_id)]
    return Panel(
        infusion_id=visit.id,
        course_id=visit.course_id,
        patient_id=patient.id,
        patient=patient.name,
        number=visit.number,
        tz=tz,
        language=patient.language,
        wording=ANXIETY_NOW.wording(patient.language),
        wording_en=ANXIETY_NOW.wording("en"),
        least=ANXIETY_NOW.least,
        most=ANXIETY_NOW.most,
        takes_place=visit.status not in NOT_RATED,
        slots=_slots(session, visit, rows, zone, now),
        now=now.astimezone(zone),
        visit_at=visit.starts_at.astimezone(zone),
    )


def _slots(
    session: Session, visit: Infusion, rows: Sequence[RatingRow], zone: ZoneInfo, now: datetime
) -> list[Slot]:
    version = visit.course.protocol_version
    times = hours(visit, version.phases)
    current = {row.time_point: row for row in rows if row.voided_at is None}
    everything = known(session)
    there = given(session, [visit.id]).get(visit.id, frozenset())
    asked = {
        point: plan_of(version.rating_plan).asked(point, visit.number, version.infusions)
        for point in AT_VISIT
    }
    unasked = [point for point, keys in asked.items() if ANXIETY_NOW.key not in keys]
    lacks = {lack.point: lack for lack in lacking(visit.status, times, [*current, *unasked], now)}
    return [
        Slot(
            time_point=point.value,
            title=WHEN[point].capitalize(),
            current=current.get(point),
            voided=[row for row in rows if row.time_point is point and row.voided_at],
            opens_at=window(point, times)[0].astimezone(zone),
            due_at=due_at(point, times).astimezone(zone),
            is_open=window(point, times)[0] <= now,
            is_due=point in lacks,
            is_over=point in lacks and lacks[point].is_over,
            others=[
                Other(
                    everything[key].name,
                    slot_name(At(point, visit.id)),
                    key[0],
                    (point, key[0]) in there,
                )
                for key in asked[point]
                if key != ANXIETY_NOW.key
            ],
        )
        for point in AT_VISIT
    ]


def _local(row: RatingRow, zone: ZoneInfo) -> RatingRow:
    """The row with its times at the site."""
    return replace(
        row,
        rated_at=row.rated_at.astimezone(zone),
        entered_at=row.entered_at.astimezone(zone),
        voided_at=row.voided_at.astimezone(zone) if row.voided_at else None,
    )
