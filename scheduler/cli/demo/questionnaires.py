"""GAD-7, PHQ-9 and the line of the last 24 hours around each course, mostly by the patient's own link.

They go the same way as "anxiety now" before the infusions: GAD-7 ends at the same share of its baseline, so
that it responds and remits where that does. After the course a part of the responders falls back: about 80 %
are still well at four weeks and 60 % at eight (CLINICAL.md, section 4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from scheduler.cli.demo.courseways import Way
from scheduler.cli.demo.days import at
from scheduler.features.ratings.instruments import ANXIETY_24H, GAD7, PHQ9, Instrument
from scheduler.features.ratings.occasions import WEEKS
from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus, Rating, RatingSource, TimePoint

TOOK_PLACE = InfusionStatus.COMPLETED
LACKING = 0.1
WELL_AT_4, WELL_AT_8 = 0.8, 0.6
RESPONDERS = (Way.REMITS, Way.RESPONDS)
WORSE = 6
"""The reliable change of GAD-7."""
MORNINGS = (8 * 60 + 30, 20 * 60)
"""Between which minutes of a day a patient answers at home."""


@dataclass(frozen=True)
class Told:
    """One questionnaire as it was answered."""

    instrument: Instrument
    point: TimePoint
    total: int
    rated_at: datetime
    infusion: Infusion | None = None
    week: int = 0


def questionnaires(chance: Random, course: Course, way: Way, before: Sequence[int]) -> Iterator[Told]:
    """All that would be answered in a course that goes this way, whether or not its time has come."""
    visits = [row for row in course.infusions if row.status is TOOK_PLACE]
    planned = [row for row in course.infusions if row.status in (TOOK_PLACE, InfusionStatus.SCHEDULED)]
    if not planned:
        return
    base = min(GAD7.total_most, max(6, round(before[0] * 2.1) + chance.randint(-1, 1)))
    first = min(planned, key=lambda row: row.starts_at)
    evening = _home(chance, first.local_day - timedelta(days=1))
    yield Told(GAD7, TimePoint.BASELINE, base, evening)
    yield Told(PHQ9, TimePoint.BASELINE, min(24, base + chance.randint(-3, 2)), evening)
    for row in visits:
        yield from _after(chance, course, row, _scaled(base, before, row.number, way))
    if visits and course.status in (CourseStatus.COMPLETED, CourseStatus.DISCONTINUED):
        last = visits[-1]
        yield from _weeks(chance, last.local_day, base, _scaled(base, before, last.number, way), way)


def _after(chance: Random, course: Course, row: Infusion, gad: int) -> Iterator[Told]:
    infusions = course.protocol_version.infusions
    if infusions > 2 and row.number == infusions // 2 + 1 and row.arrived_at:
        yield Told(GAD7, TimePoint.PRE, gad, row.arrived_at + timedelta(minutes=9), row)
    following = [other.local_day for other in course.infusions if other.local_day > row.local_day]
    gap = (min(following) - row.local_day).days if following else 8
    line = min(100, max(0, round(gad * 4.2) + chance.randint(-8, 8)))
    if gap > 1 and chance.random() > LACKING:
        yield Told(ANXIETY_24H, TimePoint.DAY_1, line, _home(chance, row.local_day + timedelta(days=1)), row)
    if gap > 2 and chance.random() > LACKING:
        later = _home(chance, row.local_day + timedelta(days=2))
        yield Told(ANXIETY_24H, TimePoint.DAY_2_7, max(0, line - chance.randint(0, 6)), later, row)
        if row.number == infusions:
            yield Told(GAD7, TimePoint.DAY_2_7, gad, later, row)
            yield Told(PHQ9, TimePoint.DAY_2_7, min(24, max(0, gad + chance.randint(-2, 2))), later, row)


def _weeks(chance: Random, last: date, base: int, end: int, way: Way) -> Iterator[Told]:
    """GAD-7 in the weeks after; who falls back does so for good, in a week of their own."""
    fate = chance.random()
    back = 99
    if way in RESPONDERS and fate > WELL_AT_8:
        back = chance.randint(2, 4) if fate > WELL_AT_4 else chance.randint(5, WEEKS)
    for week in range(1, WEEKS + 1):
        lost = chance.random() < LACKING
        total = end if week < back else max(end, round(base * 0.75))
        if not lost:
            yield Told(
                GAD7,
                TimePoint.WEEKLY,
                _sway(total, base, week),
                _home(chance, last + timedelta(days=7 * week)),
                week=week,
            )


def _sway(total: int, base: int, week: int) -> int:
    """A point more or less from week to week, as long as it says the same of response, remission and
    worsening.
    """
    moved = total + (base + 2 * week + total) % 3 - 1

    def said(value: int) -> tuple[bool, bool, bool]:
        return 2 * value <= base, value <= (GAD7.remission_at_most or 0), value - base >= WORSE

    return moved if 0 <= moved <= GAD7.total_most and said(moved) == said(total) else total


def _scaled(base: int, before: Sequence[int], number: int, way: Way) -> int:
    """GAD-7 at the same share of its baseline as "anxiety now" is of its own."""
    now, start = before[number - 1], max(1, before[0])
    if way is Way.WORSE and number > 4:
        return min(GAD7.total_most, base + 7)
    total = min(GAD7.total_most, base * now // start)
    return total if 2 * now <= start else max(total, base // 2 + 1)


def rating_of(chance: Random, course: Course, told: Told) -> Rating:
    """The row of a questionnaire; one in the clinic was answered on a tablet."""
    source = RatingSource.KIOSK if told.point is TimePoint.PRE else RatingSource.PATIENT
    return Rating(
        course_id=course.id,
        infusion_id=told.infusion.id if told.infusion else None,
        patient_id=course.patient_id,
        instrument=told.instrument.code,
        instrument_version=told.instrument.version,
        language=told.instrument.language(course.patient.language),
        time_point=told.point,
        week=told.week,
        answers=_answers(chance, told.instrument, told.total),
        total=told.total,
        source=source,
        rated_at=told.rated_at,
        entered_at=told.rated_at + timedelta(seconds=chance.randrange(1, 4)),
        entered_by_id=None,
    )


def _answers(chance: Random, instrument: Instrument, total: int) -> list[int]:
    """Answers that add up to a total. Nobody in the demo clinic wants to be dead."""
    answers = [0] * instrument.length
    open_ones = [at for at in range(instrument.length) if at != instrument.crisis_item]
    for _ in range(total):
        at_one = chance.choice([place for place in open_ones if answers[place] < instrument.most])
        answers[at_one] += 1
    return answers


def _home(chance: Random, day: date) -> datetime:
    return at(day, chance.randrange(*MORNINGS))
