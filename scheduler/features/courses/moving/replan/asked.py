"""The chart of a course with the wishes of the page: from when, on which half-days, at what time of day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from scheduler.features.courses.moving.chart import Chart
from scheduler.features.courses.moving.replan.wish import ReplanForm, ReplanWish
from scheduler.features.courses.wishes import (
    Wishes,
    patient_away,
    patient_weekly,
    ticks_of,
    weekly_of,
)
from scheduler.models import Course
from scheduler.planning import Blackout
from scheduler.planning.mending import MendWeights, examine
from scheduler.planning.violation import clock

SOON = MendWeights(early=20)
"""A course without a first visit begins as early as a new one does (PLANNING.md, section 4)."""


def own_wishes(course: Course) -> Wishes:
    """What was agreed when the course was booked, and the days away that the patient's page has now."""
    now_away = patient_away(course.patient)
    if not course.wishes:
        return Wishes(patient_weekly(course.patient), now_away)
    agreed = Wishes.from_json(course.wishes)
    return replace(agreed, away=tuple(dict.fromkeys((*agreed.away, *now_away))))


def filled(course: Course, form: ReplanForm) -> ReplanForm:
    """The form with what the course has where nothing was asked for yet."""
    if form.wish.asked:
        return form
    own = own_wishes(course)
    wish = replace(form.wish, asked=True, ticks=ticks_of(own.weekly), preferred=own.preferred)
    low, high = (clock(minute) for minute in own.preferred) if own.preferred else ("", "")
    return ReplanForm(wish, form.errors, {"from": "", "pa": low, "pb": high})


def as_asked(chart: Chart, wish: ReplanWish) -> Chart:
    """The chart judged anew by these wishes. Visits that stand may keep their time whatever is wished."""
    own = own_wishes(chart.course)
    weekly = weekly_of(wish.ticks, own.weekly) if wish.asked else own.weekly
    preferred = wish.preferred if wish.asked else own.preferred
    asked = replace(own, weekly=weekly, away=() if wish.there else own.away, preferred=preferred)
    request = replace(
        chart.ailing.request,
        availability=asked.availability(_before(chart, wish)),
        preference=asked.preference(),
    )
    low, high = preferred or (0, 1440)
    anchor = min(max(chart.ailing.anchor, low), high)
    return judged(replace(chart, ailing=replace(chart.ailing, request=request, anchor=anchor, weights=SOON)))


def judged(chart: Chart) -> Chart:
    """The chart with its starts judged by what it asks for now."""
    return replace(chart, ward=examine(chart.ward.field.ground, chart.bookings, chart.ailing))


def _before(chart: Chart, wish: ReplanWish) -> Sequence[Blackout]:
    """All the time before the first day that is wished."""
    if wish.first is None or wish.first <= chart.today:
        return ()
    midnight = datetime.combine(chart.today, time())
    return (Blackout(midnight, datetime.combine(wish.first, time())),)
