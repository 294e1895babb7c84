"""Is there room where visits are to be put, and do they keep their distance? Asked inside the locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.courses.actions.opened import Opened
from scheduler.features.courses.bending import bent_protocol
from scheduler.features.courses.order import Visit
from scheduler.features.courses.placing import Override
from scheduler.features.courses.recheck import gone_visits
from scheduler.features.courses.standing import standing
from scheduler.models import Infusion, Site
from scheduler.planning import to_wall


@dataclass(frozen=True)
class SpacingFault:
    """A rule of spacing (R10, R11) that a change would break; `firm` where nobody can set it aside."""

    rule: str
    words: str
    firm: bool = False


def open_site(session: Session, opened: Opened) -> Site:
    """The course's site with its chairs, as the planner keeps it. Raises NotFoundError for a closed one."""
    place = next((each for each in kept(session).sites if each.id == opened.course.site_id), None)
    if place is None:
        raise NotFoundError("The site of this course is no longer in use.")
    return place


def check_room(
    session: Session, opened: Opened, visits: Sequence[Visit], leaving: Sequence[Infusion], sentence: str
) -> None:
    """Raise ConflictError with `gone` where the rows as they are leave no room for `visits`."""
    place = open_site(session, opened)
    course = opened.course
    gone = gone_visits(session, place, opened.version, course.bend or "", visits, course.patient_id, leaving)
    if gone:
        why = " ".join(
            f"No. {each.number}, {each.start:%a} {each.start.day} {each.start:%b %H:%M}: {each.words}"
            for each in gone
        )
        raise ConflictError(f"{sentence} {why}", gone=gone)


def must_have_room(session: Session, opened: Opened, rows: Sequence[Infusion]) -> None:
    """Raise ConflictError where visits that were given up can't stand again where they were."""
    zone = ZoneInfo(opened.site.tz)
    visits = [Visit(row.number, row.chair_id, to_wall(zone, row.starts_at)) for row in rows if row.chair_id]
    taken = {row.number for row in standing(opened.course.infusions)} & {row.number for row in rows}
    if taken:
        raise ConflictError(f"Visit no. {min(taken)} has another date already.")
    check_room(session, opened, visits, (), "The visit can't be put back.")


def spacing_of(opened: Opened, was: Mapping[int, date], days: Mapping[int, date]) -> list[SpacingFault]:
    """What the days of the standing visits (by number) break that they did not break as they were (`was`).

    A distance that stays as it was is not judged again: a clinician may have accepted it.
    R10': gap_min to recovery_gap_max; R11': recovery_span_max (PLANNING.md, section 6).
    """
    version = opened.version
    rules = bent_protocol(version, opened.course.bend or "")
    most = max(version.recovery_gap_max, rules.gap_max)
    faults = []
    for (low, before), (high, after) in pairwise(sorted(days.items())):
        gap = (after - before).days
        stays = {low, high} <= was.keys() and (was[high] - was[low]).days == gap
        if stays or (high - low > 1 and gap > 0):
            continue
        when = f"Visit {high} would come {_days(gap)} after visit {low}"
        if gap <= 0:
            faults.append(SpacingFault("R10", f"Visit {high} would not come after visit {low}.", firm=True))
        elif gap < rules.gap_min:
            faults.append(SpacingFault("R10", f"{when}, too soon: at least {_days(rules.gap_min)}."))
        elif gap > most:
            faults.append(SpacingFault("R10", f"{when}, too late: at most {_days(most)}."))
    span = _span(days)
    longest = max(version.recovery_span_max, rules.span_max)
    if span > longest and span != _span(was):
        faults.append(
            SpacingFault("R11", f"The course would take {_days(span)}, too long: at most {_days(longest)}.")
        )
    return faults


def _span(days: Mapping[int, date]) -> int:
    """Days from the first to the last, both counted; none of none."""
    return (max(days.values()) - min(days.values())).days + 1 if days else 0


def check_spacing(faults: Sequence[SpacingFault], override: Override | None) -> None:
    """Raise RuleError for what a clinician has not set aside."""
    allowed = set(override.rules) if override else set()
    left = [fault for fault in faults if fault.firm or fault.rule not in allowed]
    if left:
        raise RuleError(
            " ".join(fault.words for fault in left),
            spacing=tuple(left),
            overridable=not any(fault.firm for fault in left),
        )


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def must_lie_ahead(starts: Sequence[datetime], at: datetime) -> None:
    """Refuse a time that has passed."""
    if any(start <= at for start in starts):
        raise RuleError("That time has passed. Choose a later one.")
