"""The booking page filled in for a booster: one click from whatever asks for it, and one key books.

A booster is prompted some weeks after the last infusion and never booked by itself (CLINICAL.md, section 1).
Whoever follows the prompt finds the clinic's protocol of one visit chosen, the site and the wishes of the
last course, and those weeks as the days to look at; all of it can be changed before anything is booked.
"""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.capacity.kept import kept
from scheduler.features.capacity.queries import offering
from scheduler.features.courses.building.address import PAGE
from scheduler.features.courses.building.forms import FARTHEST, LONGEST_WAIT
from scheduler.features.courses.wishes import Wishes, patient_weekly, ticks_of
from scheduler.features.tasks.alerting.rules import rules
from scheduler.models import AlertKind, Course, Infusion, InfusionStatus, Site
from scheduler.web.filters import minute_hm

SOON = timedelta(days=14)


def booster_address(session: Session, at: datetime, course_id: int) -> str:
    """The booking page's address for a booster after a course. Raises NotFoundError."""
    course = session.get(Course, course_id)
    if course is None:
        raise NotFoundError("There is no such course. Find the patient, and open it from there.")
    site = session.get_one(Site, course.site_id)
    values: dict[str, object] = {"patient": course.patient_id, "after": course_id}
    first, until = _days(session, course_id, at.astimezone(ZoneInfo(site.tz)).date())
    values |= {"from": first.isoformat(), "until": until.isoformat(), "site": site.id}
    version = next(
        (one for one in kept(session).protocols if one.infusions == 1 and offering(one, [site])), None
    )
    if version is not None:
        values |= {"protocol": version.id, **_wishes(course)}
    return PAGE + urlencode(values, doseq=True)


def _wishes(course: Course) -> dict[str, object]:
    """When the patient could come for the last course and liked to; without any, what their own page says."""
    known = Wishes.from_json(course.wishes) if course.wishes else None
    weekly = known.weekly if known else patient_weekly(course.patient)
    found: dict[str, object] = {"can": sorted(ticks_of(weekly))}
    if known and known.preferred:
        found |= dict(zip(("pa", "pb"), map(minute_hm, known.preferred), strict=True))
    return found


def _days(session: Session, course_id: int, today: date) -> tuple[date, date]:
    """The weeks in which the clinic wants a booster; once they are here or over, the next two weeks."""
    last = session.scalar(
        select(func.max(Infusion.local_day)).where(
            Infusion.course_id == course_id, Infusion.status == InfusionStatus.COMPLETED
        )
    )
    rule, tomorrow = rules(session)[AlertKind.BOOSTER], today + timedelta(days=1)
    first = until = tomorrow
    if last is not None:
        first = max(tomorrow, last + timedelta(weeks=rule.at_least or 0))
        until = last + timedelta(weeks=rule.at_most or 0)
    first = min(first, today + FARTHEST)
    return first, min(max(until, first + SOON), first + LONGEST_WAIT)
