"""A clinic of a given size in a database, filled in bulk: what the web benchmarks run on."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, text
from sqlalchemy.orm import Session

from scheduler.models import (
    Chair,
    Channel,
    Course,
    CourseStatus,
    Duty,
    DutyPattern,
    HolidayOpening,
    Infusion,
    InfusionStatus,
    OpeningHours,
    Patient,
    Protocol,
    ProtocolPhase,
    ProtocolVersion,
    ReminderRule,
    Role,
    Site,
    User,
    UserRole,
)

ZONE = ZoneInfo("America/New_York")
VISIT = timedelta(hours=2)
TURNS = (480, 600, 720, 840)
BATCH = 20_000
Slot = tuple[int, datetime]


def make_clinic(session: Session, now: datetime, chairs: int, patients: int, password_hash: str = "") -> Site:
    """One site open on all weekdays, with enough nurses for all its chairs, and people to book for."""
    site = Site(
        code="BM",
        name="Riverside",
        discreet_name="Riverside",
        tz=ZONE.key,
        country="NL",
        region=None,
        address="12 Harbor Street",
        phone="+12125550100",
        from_email="appointments@riverside.example",
    )
    session.add(site)
    session.flush()
    session.add_all([Chair(site_id=site.id, name=f"Chair {n}", position=n) for n in range(1, chairs + 1)])
    session.add_all(
        [OpeningHours(site_id=site.id, weekday=day, from_minute=480, to_minute=1080) for day in range(5)]
    )
    desk = User(
        email="desk@riverside.example",
        name="Rosa Alvarez",
        password_hash=password_hash,
        site_id=site.id,
        created_at=now,
        roles=[UserRole(role=Role.FRONT_DESK)],
    )
    nurses = [
        User(
            email=f"n{n}@riverside.example",
            name=f"Nurse {n}",
            password_hash="",
            site_id=site.id,
            created_at=now,
        )
        for n in range(max(2, chairs // 2) + 1)
    ]
    session.add_all([desk, *nurses])
    session.flush()
    for number, user in enumerate(nurses):
        duty = Duty.CLINICIAN if number == 0 else Duty.NURSE
        session.add_all(
            [
                DutyPattern(
                    user_id=user.id,
                    site_id=site.id,
                    duty=duty,
                    weekday=day,
                    from_minute=480,
                    to_minute=1080,
                    breaks=[],
                    valid_from=date(2020, 1, 1),
                )
                for day in range(5)
            ]
        )
    today = now.date()
    openings = [{"site_id": site.id, "day": today + timedelta(days=n)} for n in range(400)]
    session.execute(insert(HolidayOpening), openings)  # No public holiday may depend on the day of the run.
    session.add(_protocol(now))
    session.add_all([ReminderRule(channel=Channel.EMAIL, days_before=days, active=True) for days in (3, 1)])
    session.flush()
    session.execute(
        insert(Patient),
        [
            {
                "record_number": f"BM-{n:06d}",
                "given_name": "Pat",
                "family_name": f"Number {n}",
                "birth_date": date(1980, 1, 1),
                "email": f"p{n}@example.org",
                "site_id": site.id,
                "created_at": now,
            }
            for n in range(patients)
        ],
    )
    return site


def _protocol(now: datetime) -> ProtocolVersion:
    phases = [
        ("Preparation", 20, 1, False),
        ("Infusion", 40, 4, True),
        ("Recovery", 50, 6, False),
        ("Discharge", 10, 1, False),
    ]
    return ProtocolVersion(
        protocol=Protocol(name="Loading, 3 × week"),
        version=1,
        infusions=6,
        gap_min=2,
        gap_max=3,
        gap_target=2,
        span_min=11,
        span_max=14,
        recovery_gap_max=5,
        recovery_span_max=21,
        created_at=now,
        phases=[
            ProtocolPhase(
                position=at, name=name, minutes=minutes, patients_per_nurse=ratio, clinician_present=there
            )
            for at, (name, minutes, ratio, there) in enumerate(phases, 1)
        ],
    )


def fill_visits(
    session: Session, site: Site, now: datetime, past: int, ahead_share: float, seed: int = 6
) -> int:
    """Add `past` visits before today; take `ahead_share` of all starts of the eight weeks to come.

    Visits are dealt out to patients in turn and cut into courses of six: the figures are about how many
    rows there are, not about their spacing. Returns the number of visits ahead.
    """
    chance = random.Random(seed)
    chairs = [row.id for row in session.query(Chair.id).filter_by(site_id=site.id).order_by(Chair.id)]
    today = now.astimezone(ZONE).date()
    behind = list(islice(_slots(today - timedelta(days=1), -1, chairs), past))
    eight_weeks = islice(_slots(today + timedelta(days=1), 1, chairs), 40 * len(TURNS) * len(chairs))
    ahead = [slot for slot in eight_weeks if chance.random() < ahead_share]
    _deal(session, site, now, behind, "p", InfusionStatus.COMPLETED)
    _deal(session, site, now, ahead, "f", InfusionStatus.SCHEDULED)
    return len(ahead)


def _slots(day: date, step: int, chairs: list[int]) -> Iterator[Slot]:
    while True:
        if day.weekday() < 5:
            midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
            for turn in TURNS:
                for at, chair in enumerate(chairs):  # Starts are spread over two hours, as nurses can bear.
                    yield chair, midnight + timedelta(minutes=turn + 10 * (at % 12))
        day += timedelta(days=step)


def _deal(
    session: Session, site: Site, now: datetime, slots: list[Slot], mark: str, status: InfusionStatus
) -> None:
    patients = [row.id for row in session.query(Patient.id).order_by(Patient.id)]
    version = session.query(ProtocolVersion.id).scalar()
    base = session.query(func.max(Course.id)).scalar() or 0
    ids: dict[tuple[int, int], int] = {}
    rows = []
    for at, (chair, start) in enumerate(slots):
        turn, seat = divmod(at, len(patients))
        key = patients[seat], turn // 6
        course = ids.setdefault(key, base + len(ids) + 1)
        begin = start.astimezone(UTC)
        rows.append(
            {
                "course_id": course,
                "patient_id": key[0],
                "site_id": site.id,
                "chair_id": chair,
                "number": turn % 6 + 1,
                "status": status,
                "starts_at": begin,
                "ends_at": begin + VISIT,
                "chair_until": begin + VISIT,
                "local_day": start.date(),
                "scheduled_at": now,
                "ics_uid": f"{mark}{at}@bench",
                "ics_dtstamp": now,
                "ics_organizer": site.from_email,
            }
        )
    courses = [
        {
            "id": number,
            "patient_id": patient,
            "site_id": site.id,
            "protocol_version_id": version,
            "status": CourseStatus.ACTIVE,
            "wishes": {},
            "booking_key": f"{mark}{number}",
            "booking_digest": "",
            "booked_at": now,
            "version": 1,
        }
        for (patient, _), number in ids.items()
    ]
    for model, values in ((Course, courses), (Infusion, rows)):
        for first in range(0, len(values), BATCH):
            session.execute(insert(model), values[first : first + BATCH])
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval('courses_id_seq', (SELECT max(id) FROM courses))"))
