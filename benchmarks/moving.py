"""The preview of a move with its repairs, in the process: 40 chairs, ever fuller, wishes of every kind.

What is timed is all that the page, the board and the API do before they answer: the reads, the judgement of
the wish, up to three ranked repairs and the free times. Every course keeps one of two protocols, a tight one
(2 to 3 days apart) and a wide one (2 to 7), and is drawn so that it keeps it. Wishes are a day or a week
away, at the same hour or another, on full days, at weekends, at night and in the past, as people try them.
Where no whole course fits any more, single visits take what is left: they stand in the way and stay.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks._clinic import TURNS, VISIT, ZONE, make_clinic
from benchmarks._stored import FILLED_AT, clock_at, stored_clinic
from scheduler.db import Database
from scheduler.features.courses.moving.preview import MovePreview, MoveWish, move_preview
from scheduler.models import (
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Patient,
    Protocol,
    ProtocolPhase,
    ProtocolVersion,
)

CHAIRS = 40
FULL = (0.5, 0.75, 0.95)
WEEKS = 9
MOVES = 300
LIMIT_MS = 60
NOW = FILLED_AT + timedelta(days=14)  # Two weeks into what is booked: courses have begun, and go on.
TIGHT, WIDE = (2, 3, 11, 14), (2, 7, 11, 28)
SEED = 6
MOVABLE = "m"
Slot = tuple[date, int, int]  # day, index of the chair, turn of the day


def main() -> None:
    """Print the table."""
    print(f"{CHAIRS} chairs, {MOVES} wishes each; at most: p95 {LIMIT_MS} ms")
    print(f"{'full':>5} {'visits':>7} {'p50':>9} {'p95':>9} {'worst':>9}  of which: p95, what came of them")
    for full in FULL:
        _row(full, MOVES)


def _row(full: float, moves: int) -> None:
    with (
        clock_at(NOW),
        stored_clinic(f"moving-{full}", lambda session: _fill(session, full), __file__) as (database, _),
    ):
        visits, times = measure(database, moves)
    taken = [seconds for seconds, _ in times]
    kinds = Counter(kind for _, kind in times)
    parts = ", ".join(
        f"{kind} {count} × {_p95([seconds for seconds, its in times if its == kind]):.0f} ms"
        for kind, count in kinds.most_common()
    )
    print(
        f"{full:>5.0%} {visits:>7,} {statistics.median(taken):>7.1f}ms {_p95(taken):>7.1f}ms "
        f"{max(taken):>7.1f}ms  {parts}",
        flush=True,
    )


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[18] if len(taken) > 1 else taken[0]


def measure(database: Database, moves: int, seed: int = SEED) -> tuple[int, list[tuple[float, str]]]:
    """How many visits stand, and milliseconds and outcome of each preview; the first few do not count."""
    chance = random.Random(seed)
    with database.read() as session:
        open_visits = session.execute(
            select(Infusion.id, Infusion.starts_at)
            .where(
                Infusion.starts_at > NOW,
                Infusion.starts_at < NOW + timedelta(weeks=4),
                Infusion.ics_uid.startswith(MOVABLE),
            )
            .order_by(Infusion.id)
        ).all()
        standing = session.query(Infusion).count()
    times = []
    for number in range(moves + 5):
        visit = chance.choice(open_visits)
        wish = wish_for(chance, visit.starts_at.astimezone(ZONE))
        with database.read() as session:
            begun = time.perf_counter()
            page = move_preview(session, NOW, visit.id, wish)
            taken = (time.perf_counter() - begun) * 1000
        if number >= 5:
            times.append((taken, outcome(page)))
    return standing, times


def wish_for(chance: random.Random, start: datetime) -> MoveWish | None:
    """Where somebody wants a visit instead; None where they only look what there is."""
    kind = chance.random()
    if kind < 0.1:
        return None
    away = chance.choice((-2, -1, 1, 1, 2, 3)) if kind < 0.75 else chance.choice((-14, -7, 5, 7, 10))
    minute = start.hour * 60 + start.minute
    if chance.random() < 0.4:
        minute = chance.randrange(6 * 60, 19 * 60, 10)
    return MoveWish(start.date() + timedelta(days=away), minute)


def outcome(page: MovePreview) -> str:
    """What came of a wish, in a word."""
    if page.wish is None:
        return "times only"
    if page.hard:
        return "impossible"
    if not page.broken:
        return "breaks nothing"
    return "repaired" if page.ways else "no repair"


def _fill(session: Session, full: float) -> None:
    """A clinic whose chairs are taken to `full` by courses that keep their protocols."""
    chance = random.Random(SEED)
    site = make_clinic(session, FILLED_AT, CHAIRS, 6_000)
    tight = session.scalars(select(ProtocolVersion)).one()
    wide = _wide(session, tight)
    chairs = [row.id for row in site.chairs]
    patients = iter(session.scalars(select(Patient.id).order_by(Patient.id)).all())
    courses, rows = [], []
    for number, (slots, is_wide) in enumerate(_courses(chance, len(chairs), full), 1):
        patient, version = next(patients), wide if is_wide else tight
        mark = MOVABLE if len(slots) > 1 else "x"
        courses.append(
            {
                "id": number, "patient_id": patient, "site_id": site.id, "protocol_version_id": version.id,
                "status": CourseStatus.ACTIVE, "wishes": {}, "booking_key": f"m{number}",
                "booking_digest": "", "booked_at": FILLED_AT, "version": 1,
            }
        )  # fmt: skip
        rows += [
            _visit(number, patient, site.id, chairs[seat], at, day, TURNS[turn] + 10 * (seat % 12), mark)
            for at, (day, seat, turn) in enumerate(slots, 1)
        ]
    session.execute(insert(Course), courses)
    session.execute(insert(Infusion), rows)


def _wide(session: Session, tight: ProtocolVersion) -> ProtocolVersion:
    gap_min, gap_max, span_min, span_max = WIDE
    wide = ProtocolVersion(
        protocol=Protocol(name="Loading, wide"),
        version=1, infusions=6, gap_min=gap_min, gap_max=gap_max, gap_target=3, span_min=span_min,
        span_max=span_max, recovery_gap_max=10, recovery_span_max=42, created_at=FILLED_AT,
        phases=[
            ProtocolPhase(
                position=each.position, name=each.name, minutes=each.minutes,
                patients_per_nurse=each.patients_per_nurse, clinician_present=each.clinician_present,
            )
            for each in tight.phases
        ],
    )  # fmt: skip
    session.add(wide)
    session.flush()
    return wide


def _courses(chance: random.Random, chairs: int, full: float) -> Iterator[tuple[list[Slot], bool]]:
    """Courses on free slots while any fits, then single visits until as much is taken as is asked for."""
    first = FILLED_AT.date()
    days = [first + timedelta(days=n) for n in range(7 * WEEKS) if (first + timedelta(days=n)).weekday() < 5]
    free = {day: {(seat, turn) for seat in range(chairs) for turn in range(len(TURNS))} for day in days}
    wanted, taken, misses = full * len(days) * chairs * len(TURNS), 0, 0
    while taken < wanted and misses < 2_000:
        is_wide = chance.random() < 0.5
        slots = _one_course(chance, free, chance.choice(days), *(WIDE if is_wide else TIGHT))
        if not slots:
            misses += 1
            continue
        for day, seat, turn in slots:
            free[day].remove((seat, turn))
        taken += len(slots)
        yield slots, is_wide
    left = [(day, *slot) for day, its in free.items() for slot in sorted(its)]
    for single in chance.sample(left, max(0, round(wanted - taken))):
        yield [single], True


def _one_course(
    chance: random.Random,
    free: dict[date, set[tuple[int, int]]],
    day: date,
    gap_min: int,
    gap_max: int,
    span_min: int,
    span_max: int,
) -> list[Slot]:
    """Six slots from `day` on that keep the gaps and the span, at one turn of the day; empty for none."""
    turn, slots, first = chance.randrange(len(TURNS)), [], day
    for _ in range(6):
        seats = [seat for seat, its in sorted(free.get(day, ())) if its == turn]
        if not seats:
            return []
        slots.append((day, chance.choice(seats), turn))
        gaps = list(range(gap_min, gap_max + 1))
        chance.shuffle(gaps)
        open_days = [day + timedelta(days=gap) for gap in gaps if day + timedelta(days=gap) in free]
        if not open_days:
            return []
        day = open_days[0]
    span = (slots[-1][0] - first).days + 1
    return slots if span_min <= span <= span_max else []


def _visit(
    course: int, patient: int, site: int, chair: int, number: int, day: date, minute: int, mark: str
) -> dict[str, object]:
    local = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(minutes=minute)
    begin = local.astimezone(UTC)
    return {
        "course_id": course, "patient_id": patient, "site_id": site, "chair_id": chair, "number": number,
        "status": InfusionStatus.COMPLETED if begin < NOW else InfusionStatus.SCHEDULED,
        "starts_at": begin, "ends_at": begin + VISIT, "chair_until": begin + VISIT, "local_day": day,
        "scheduled_at": FILLED_AT, "ics_uid": f"{mark}{course}-{number}@bench", "ics_dtstamp": FILLED_AT,
        "ics_organizer": "appointments@riverside.example",
    }  # fmt: skip
