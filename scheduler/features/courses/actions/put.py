"""Write visits to their new places: the rows alone, all checks done.

The database forbids overlaps statement by statement, so two visits that swap their places would be refused
half way. Whoever leaves a place is therefore taken out of the way first, and put down one by one.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.errors import RuleError
from scheduler.features.courses.actions.opened import Opened
from scheduler.features.courses.placing import Placement
from scheduler.models import Infusion, InfusionStatus
from scheduler.planning import NoSuchTimeError, moment

NO_SUCH_TIME = "The clocks change that night: this time does not exist. Choose another."


@dataclass(frozen=True)
class Spot:
    """A placement as columns of a row."""

    placement: Placement
    columns: Mapping[str, Any]

    @property
    def start(self) -> datetime:
        """The instant at which the visit starts."""
        start: datetime = self.columns["starts_at"]
        return start


def spot_of(opened: Opened, placement: Placement) -> Spot:
    """The columns of a placement. Raises RuleError for a local time that does not exist."""
    wall = placement.start
    try:
        zone = ZoneInfo(opened.site.tz)
        start = moment(zone, wall.date(), wall.hour * 60 + wall.minute).astimezone(UTC)
    except NoSuchTimeError as error:
        raise RuleError(NO_SUCH_TIME) from error
    end = start + timedelta(minutes=opened.version.visit_minutes)
    columns = {
        "chair_id": placement.chair_id,
        "starts_at": start,
        "ends_at": end,
        "chair_until": end + timedelta(minutes=opened.site.turnover_minutes),
        "local_day": wall.date(),
    }
    return Spot(placement, columns)


def put_down(
    session: Session,
    at: datetime,
    opened: Opened,
    spots: Sequence[Spot],
    new_uid: Callable[[], str] | None = None,
) -> list[Infusion]:
    """Move the visits that the spots name, make those that they don't; gives the rows in the same order."""
    moving = [each.placement.infusion_id for each in spots if each.placement.infusion_id is not None]
    if moving and len(spots) > 1:
        session.execute(
            update(Infusion)
            .where(Infusion.id.in_(moving))
            .values(status=InfusionStatus.CANCELLED)
            .execution_options(synchronize_session=False)
        )
    rows = []
    for spot in spots:
        if spot.placement.infusion_id is None:
            rows.append(_new(session, at, opened, spot, new_uid or random_uid))
        else:
            rows.append(_moved(session, at, opened.visit(spot.placement.infusion_id), spot))
    session.flush()
    return rows


def random_uid() -> str:
    """A calendar UID that tells nothing."""
    return f"{uuid.uuid4()}@sixfold"


def _moved(session: Session, at: datetime, row: Infusion, spot: Spot) -> Infusion:
    values = {
        **spot.columns,
        "status": InfusionStatus.SCHEDULED,
        "schedule_version": row.schedule_version + 1,
        "scheduled_at": at,
    }
    if spot.start != row.starts_at:  # Another chair alone is nothing that a calendar shows.
        values |= {
            "ics_sequence": row.ics_sequence + 1,
            "ics_dtstamp": at.replace(microsecond=0),
            "confirmation": "none",
            "confirmation_at": None,
            "confirmation_source": None,
            "expected_at": None,
        }
    session.execute(
        update(Infusion)
        .where(Infusion.id == row.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    return row


def _new(session: Session, at: datetime, opened: Opened, spot: Spot, new_uid: Callable[[], str]) -> Infusion:
    course = opened.course
    number = spot.placement.number
    before = [row for row in course.infusions if row.number == number]
    row = Infusion(
        course_id=course.id,
        patient_id=course.patient_id,
        site_id=course.site_id,
        number=number,
        replaces_id=max((each.id for each in before), default=None),
        scheduled_at=at,
        ics_uid=new_uid(),
        ics_dtstamp=at.replace(microsecond=0),
        ics_organizer=opened.site.from_email,
        **spot.columns,
    )
    course.infusions.append(row)
    session.flush()
    return row
