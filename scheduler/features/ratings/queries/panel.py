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

from scheduler.errors import NotFoundError
from scheduler.features.ratings.instruments import ANXIETY_NOW, TIME_POINT_WORDS, Wording
from scheduler.features.ratings.queries.ratings import RatingRow, of_infusion
from scheduler.features.ratings.timing import NOT_RATED, due_at, hours, lacking, window
from scheduler.models import Infusion, Patient, Site


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


def zone_of(session: Session, infusion_id: int) -> ZoneInfo:
    """The zone of the infusion's site. Raises NotFoundError."""
    tz = session.scalar(
        select(Site.tz).join(Infusion, Infusion.site_id == Site.id).where(Infusion.id == infusion_id)
    )
    if tz is None:
        raise NotFoundError("There is no such visit.")
    return ZoneInfo(tz)


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
        slots=_slots(visit, rows, zone, now),
        now=now.astimezone(zone),
        visit_at=visit.starts_at.astimezone(zone),
    )


def _slots(visit: Infusion, rows: Sequence[RatingRow], zone: ZoneInfo, now: datetime) -> list[Slot]:
    times = hours(visit, visit.course.protocol_version.phases)
    current = {row.time_point: row for row in rows if row.voided_at is None}
    lacks = {lack.point: lack for lack in lacking(visit.status, times, current, now)}
    return [
        Slot(
            time_point=point.value,
            title=TIME_POINT_WORDS[point].capitalize(),
            current=current.get(point),
            voided=[row for row in rows if row.time_point is point and row.voided_at],
            opens_at=window(point, times)[0].astimezone(zone),
            due_at=due_at(point, times).astimezone(zone),
            is_open=window(point, times)[0] <= now,
            is_due=point in lacks,
            is_over=point in lacks and lacks[point].is_over,
        )
        for point in ANXIETY_NOW.time_points
    ]


def _local(row: RatingRow, zone: ZoneInfo) -> RatingRow:
    """The row with its times at the site."""
    return replace(
        row,
        rated_at=row.rated_at.astimezone(zone),
        entered_at=row.entered_at.astimezone(zone),
        voided_at=row.voided_at.astimezone(zone) if row.voided_at else None,
    )
