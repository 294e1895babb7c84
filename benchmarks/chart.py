"""One course on one page, as a drawing and as a file: 6 logs, 60 rows of vitals, 40 ratings.

The page stands beside an application that does nothing but render the same template with the same facts; the
two are asked in turn. Times are of the processor, so that what else the machine does counts little. Around
the course lie two hundred past ones, which its drawing is compared with. The file is made warm: the first one
of a process loads the library. Forty infusions are a course that goes on for a year.
"""

import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from benchmarks._bare_page import bare_page, whole_page
from benchmarks._clinic import fill_visits, make_clinic
from benchmarks._stored import FILLED_AT, clock_at, desk_client, stored_clinic
from scheduler.features.ratings.instruments import ANXIETY_24H, ANXIETY_NOW, GAD7, PHQ9, Instrument
from scheduler.features.review.paper.sheet import course_pdf
from scheduler.features.review.queries.paper import printed_course
from scheduler.models import (
    Course,
    Infusion,
    InfusionLog,
    LogStatus,
    Rating,
    RatingSource,
    Role,
    TimePoint,
    User,
    UserRole,
    VitalSigns,
)
from scheduler.rendering.canonical import Facts
from scheduler.rendering.trajectory import TrajectoryFacts, trajectory_svg

PAST_COURSES = 200
ROUNDS = 60
PDF_ROUNDS = 7
LONG = 40
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Measured:
    """Milliseconds of the processor; median and p95 of the pages; `peak` is what the process held, in MB."""

    whole: tuple[float, float]
    bare: tuple[float, float]
    drawing: float
    file: float
    long_file: float
    peak: float


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    found = measure(ROUNDS, PDF_ROUNDS, LONG)
    print("6 logs, 60 rows of vitals, 40 ratings; 200 past courses; milliseconds of the processor")
    for name, (half, most) in (("page of the course", found.whole), ("bare template", found.bare)):
        print(f"{name:<24} p50 {half:7.1f}  p95 {most:7.1f}")
    print(f"{'ratio of the p95':<24} {found.whole[1] / found.bare[1]:11.2f}  at most 3.00")
    print(f"{'drawing':<24} p50 {found.drawing:7.2f}  at most 3")
    print(f"{'file, warm':<24} p50 {found.file:7.0f}  at most 1000")
    held = f"the process held {found.peak:.0f} MB at most"
    print(f"{f'file of {LONG} infusions':<24} {found.long_file:11.0f}  {held}")


def measure(rounds: int, files: int, long: int, past: int = PAST_COURSES) -> Measured:
    """Measure the page so many rounds and the file so many, once with `long` infusions."""
    with (
        clock_at(FILLED_AT),
        stored_clinic(f"chart-{past}", lambda session: _fill(session, past), __file__) as (database, config),
    ):
        client = desk_client(database, config, FILLED_AT)
        with database.read() as session:
            course_id = session.scalars(select(Infusion.course_id).join(InfusionLog)).first() or 0
            record, drawn = printed_course(session, course_id, FILLED_AT)
        _is_as_said(record)
        address = f"/courses/{course_id}/log"
        whole, bare = _in_turn((whole_page(client, address), bare_page(client, address)), rounds)
    return Measured(
        whole,
        bare,
        drawing=statistics.median(_times(lambda: trajectory_svg(drawn), rounds)),
        file=statistics.median(_times(lambda: _file(record, drawn), files)),
        long_file=_times(lambda: _file(_longer(record, long), drawn), 1, warm=0)[0],
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _is_as_said(record: Facts) -> None:
    logs = [visit["log"] for visit in record["visits"] if visit["log"]]
    found = len(logs), sum(len(log["vitals"]) for log in logs), len(record["ratings"])
    if found != (6, 60, 40):
        raise RuntimeError(f"This is no course of 6 logs, 60 rows of vitals and 40 ratings: {found}")


def _file(record: Facts, drawn: TrajectoryFacts) -> bytes:
    return course_pdf(record, drawn, FILLED_AT, letter=True)


def _longer(record: Facts, infusions: int) -> Facts:
    """The same course with its visits over and over, numbered on."""
    given = [visit for visit in record["visits"] if visit["log"]]
    visits = [
        {**deepcopy(given[at % len(given)]), "id": 10_000 + at, "number": at + 1} for at in range(infusions)
    ]
    return {**record, "visits": visits, "protocol": {**record["protocol"], "infusions": infusions}}


def _in_turn(works: Sequence[Callable[[], object]], rounds: int) -> list[tuple[float, float]]:
    """Median and p95 of each, in milliseconds of the processor; they take turns."""
    for work in works:
        work()
    pairs = [[_times(work, 1, warm=0)[0] for work in works] for _ in range(rounds)]
    return [_spread(list(times)) for times in zip(*pairs, strict=True)]


def _spread(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def _times(work: Callable[[], object], rounds: int, warm: int = 1) -> list[float]:
    for _ in range(warm):
        work()
    found = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        found.append((time.process_time() - begun) * 1000)
    return found


def _fill(session: Session, past: int) -> None:
    """Past courses of six with the ratings that a drawing is compared with, and one that is fully charted."""
    site = make_clinic(session, FILLED_AT, 8, past + 1)
    fill_visits(session, site, FILLED_AT, 6 * (past + 1), 0.1)
    desk = session.query(User).filter_by(email="desk@riverside.example").one()
    desk.roles.append(UserRole(role=Role.CLINICIAN))
    courses = session.scalars(
        select(Course.id).where(Course.booking_key.startswith("p")).order_by(Course.id)
    ).all()
    session.execute(
        update(Course).where(Course.id.in_(courses[1:])).values(status="completed", closed_at=FILLED_AT)
    )
    for course_id in courses:
        visits = session.scalars(
            select(Infusion).where(Infusion.course_id == course_id).order_by(Infusion.starts_at)
        ).all()
        _number(session, visits)
        rows = list(_ratings(visits))
        session.execute(insert(Rating), rows if course_id == courses[0] else rows[:20])
        if course_id == courses[0]:
            _chart(session, visits, desk.id)


def _number(session: Session, visits: Sequence[Infusion]) -> None:
    """Past visits are dealt out backwards; their numbers run with their dates."""
    for first in (11, 1):  # No number may stand twice in between.
        for at, visit in enumerate(visits, first):
            visit.number = at
        session.flush()


def _ratings(visits: Sequence[Infusion]) -> Iterator[dict[str, Any]]:
    """Forty, by and large as the usual plan asks for them."""
    first, last = visits[0], visits[-1]
    for instrument in (GAD7, PHQ9):
        yield _rating(first, instrument, TimePoint.BASELINE, first.starts_at - DAY)
    for visit in visits:
        at = visit.starts_at
        yield _rating(visit, ANXIETY_NOW, TimePoint.PRE, at)
        yield _rating(visit, ANXIETY_NOW, TimePoint.POST_2H, at + 2 * HOUR)
        yield _rating(visit, ANXIETY_24H, TimePoint.DAY_1, at + DAY)
        yield _rating(visit, GAD7, TimePoint.DAY_2_7, at + 2 * DAY)
    for instrument in (GAD7, PHQ9):
        for week in range(1, 8):
            yield _rating(last, instrument, TimePoint.WEEKLY, last.starts_at + week * 6 * HOUR, week)


def _rating(
    visit: Infusion, instrument: Instrument, point: TimePoint, at: datetime, week: int = 0
) -> dict[str, Any]:
    answers = [(visit.number + place) % (instrument.most + 1) for place in range(instrument.length)]
    return {
        "course_id": visit.course_id,
        "patient_id": visit.patient_id,
        "infusion_id": None if point in (TimePoint.BASELINE, TimePoint.WEEKLY) else visit.id,
        "instrument": instrument.code,
        "instrument_version": instrument.version,
        "language": "en",
        "time_point": point,
        "week": week,
        "answers": answers,
        "total": sum(answers),
        "source": RatingSource.PATIENT,
        "rated_at": at,
        "entered_at": at,
    }


def _chart(session: Session, visits: Sequence[Infusion], user_id: int) -> None:
    """A complete log with ten rows of vitals for each visit."""
    for visit in visits:
        start = visit.starts_at + timedelta(minutes=20)
        log = InfusionLog(
            infusion_id=visit.id, status=LogStatus.COMPLETE, begun_at=start, completed_at=start, rules={},
            identity_checked="yes", fasting_solids="yes", fasting_liquids="yes", consent_on_file="yes",
            pregnancy_test="not_applicable", escort_named="Tom Weber", weight_g=70_000, dose_ug_per_kg=500,
            concentration_ug_per_ml=10_000, minutes=40, dose_ug=35_000, rate_ug_per_h=52_500, drug="Ketamine",
            lot="K4471", route="iv", started_at=start, stopped_at=start + timedelta(minutes=40), cadss=7,
            escort_came="yes", escort_name="Tom Weber", left_at=start + timedelta(minutes=100),
            notes="Music through headphones.",
        )  # fmt: skip
        session.add(log)
        session.flush()
        session.execute(
            insert(VitalSigns),
            [
                {
                    "log_id": log.id, "key": f"key-{row}", "taken_at": start + timedelta(minutes=10 * row),
                    "sbp": 124 + row, "dbp": 78 + row, "pulse": 70 + row, "spo2": 98, "sedation": 5,
                    "entered_at": start, "entered_by_id": user_id,
                }
                for row in range(10)
            ],
        )  # fmt: skip
