"""The replan page: ranked dates for the numbers without one, or why there are none and what would help."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.courses.moving.chart import Chart, open_chart
from scheduler.features.courses.moving.replan.asked import as_asked, filled
from scheduler.features.courses.moving.replan.helping import Help, helps_of
from scheduler.features.courses.moving.replan.ranking import days_of_course, ranked, why
from scheduler.features.courses.moving.replan.scope import Reach, Scope, chosen, scoped, scopes_of
from scheduler.features.courses.moving.replan.wish import ReplanForm, ReplanWish
from scheduler.features.courses.moving.ways import Way, breaks_of, make_way, spots_of, strip_days, strip_of
from scheduler.features.courses.page import StripDay, StripVisit
from scheduler.features.courses.queries import course as get_course
from scheduler.features.courses.standing import open_numbers
from scheduler.models import Course, CourseStatus, InfusionStatus
from scheduler.planning import to_wall
from scheduler.planning.mending import Ailing
from scheduler.planning.mending_path import LOOKED_AT, repairs
from scheduler.planning.mending_spacing import mend_faults

WAYS = 3
STRAIN = 10_000
"""What a day against the spacing counts: ten visits moved, so that as few as possible are taken."""


@dataclass(frozen=True)
class ReplanPage:
    """Everything the page shows.

    missing: all numbers without a date; scope: what is planned now, one of `scopes`; widened: nobody asked
    for visits to move, but nothing else fits; filled: the wishes as the page shows them; ways: ranked, each
    keeps every rule. Where there are none, `broken` says what stands in the way, `override` is the way that
    breaks the spacing least, for a clinician, and `helps` are single changes that would make a plan possible.
    """

    chart: Chart
    form: ReplanForm
    missing: tuple[int, ...]
    scopes: tuple[Scope, ...]
    scope: Scope
    widened: bool
    filled: ReplanForm
    days: tuple[StripDay, ...]
    standing: tuple[StripVisit, ...]
    ways: tuple[Way, ...] = ()
    override: Way | None = None
    broken: tuple[str, ...] = ()
    helps: tuple[Help, ...] = ()


def replan_preview(session: Session, now: datetime, course_id: int, form: ReplanForm) -> ReplanPage | None:
    """The page for a course; None where every number has a date.

    Raises NotFoundError, and ConflictError where the course is over.
    """
    course = get_course(session, course_id)
    missing = open_numbers(course.infusions, course.protocol_version.infusions)
    until = _look_at(course, now, form.wish)
    chart = open_chart(session, now, course_id, until, missing)
    if not missing:
        return None
    chart = as_asked(chart, form.wish)
    after = _number(course, form.wish.after)
    scopes = scopes_of(missing, _ahead(chart), after)
    scope = chosen(scopes, every=form.wish.every, after=after)
    found = _ways(chart, scope)
    widened = not found and form.wish.every is None and scopes[-1].reach is Reach.ALL
    if widened and (wider := _ways(chart, scopes[-1])):
        scope, found = scopes[-1], wider
    else:
        widened = False
    standing = strip_of(chart, {})
    page = ReplanPage(
        chart=replace(chart, ailing=scoped(chart.ailing, scope)),
        form=form,
        missing=tuple(missing),
        scopes=tuple(scopes),
        scope=scope,
        widened=widened,
        filled=filled(course, form),
        days=(),
        standing=standing,
        ways=tuple(found),
    )
    page = page if found else _stuck(page)
    strips = [standing, *(way.visits for way in (*page.ways, page.override) if way)]
    return replace(page, days=tuple(strip_days(chart, strips)))


def is_held(session: Session, course_id: int) -> bool:
    """Whether the course has to be resumed before anything of it is planned. Raises NotFoundError."""
    return get_course(session, course_id).status is CourseStatus.ON_HOLD


def _look_at(course: Course, now: datetime, wish: ReplanWish) -> date:
    version = course.protocol_version
    today = to_wall(ZoneInfo(course.site.tz), now).date()
    first = max(today, wish.first) if wish.first else today
    return first + timedelta(days=version.recovery_span_max + version.recovery_gap_max)


def _number(course: Course, infusion_id: int | None) -> int | None:
    return next((row.number for row in course.infusions if row.id == infusion_id), None)


def _ahead(chart: Chart) -> list[int]:
    """The visits that can still move."""
    fixed = {visit.k for visit in chart.ailing.visits if visit.done}
    return [
        number
        for number, row in chart.rows.items()
        if row.status is InfusionStatus.SCHEDULED and number not in fixed
    ]


def _ways(chart: Chart, scope: Scope) -> list[Way]:
    course = scoped(chart.ailing, scope)
    found = list(islice(repairs(chart.ward, course), LOOKED_AT))
    return [
        make_way(chart, f"r{at}", spots_of(mended), name, why(course, mended))
        for at, (name, mended) in enumerate(ranked(course, found, WAYS) if found else [], 1)
    ]


def _stuck(page: ReplanPage) -> ReplanPage:
    """The page without a way: what stands in it, and what would help."""
    chart, course = page.chart, page.chart.ailing
    best = next(repairs(chart.ward, replace(course, strain=STRAIN)), None)
    helps = helps_of(chart, page.filled, page.scopes, page.scope)
    if best is None:
        return replace(page, broken=(_no_room(course),), helps=helps)
    days = days_of_course(course, best)
    faults = mend_faults(course, days)
    words = tuple(fault.words for fault in faults)
    rules = tuple(dict.fromkeys(fault.rule for fault in faults))
    spots = spots_of(best)
    way = make_way(chart, "alone", spots, "Against the spacing", " ".join(words), rules)
    marked = strip_of(chart, spots, breaks_of(days, faults))
    return replace(page, broken=words, override=replace(way, visits=marked), helps=helps)


def _no_room(course: Ailing) -> str:
    last = course.until
    return (
        f"No chair, nurse and clinician are free together, at times when the patient can come, "
        f"on enough days until {last:%a} {last.day} {last:%b}."
    )
