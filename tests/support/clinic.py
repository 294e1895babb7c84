"""A small real clinic for tests: one site, two chairs, one nurse, one clinician, a protocol, a patient.

`NOW` is a Monday morning in New York, a day after the clocks went back there. Open on weekdays 8 to 18,
the nurse with a break at noon, the clinician all day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from scheduler.features.patients.actions.save import write_keys
from scheduler.models import (
    Chair,
    Channel,
    Duty,
    DutyPattern,
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

NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)


@dataclass(frozen=True)
class SmallClinic:
    """The rows of the small clinic, detached; `users` by role value, no password works."""

    site: Site
    chairs: list[Chair]
    users: dict[str, User]
    protocol_version: ProtocolVersion
    patient: Patient


def small_clinic(session: Session, *, chairs: int = 2, nurses: int = 1, turnover: int = 0) -> SmallClinic:
    """Add the clinic and flush it."""
    site = make_site(session, "RV", "Riverside", turnover=turnover)
    seats = [Chair(site_id=site.id, name=f"Chair {n}", position=n) for n in range(1, chairs + 1)]
    users = {role.value: make_user(session, role, site) for role in Role}
    session.add_all(seats)
    staff = [users["nurse"]] + [
        make_user(session, Role.NURSE, site, f"nurse{n}") for n in range(2, nurses + 1)
    ]
    for nurse in staff:
        add_duty(session, nurse, site, Duty.NURSE, breaks=[[720, 750]])
    add_duty(session, users["clinician"], site, Duty.CLINICIAN)
    version = make_protocol(session)
    for days in (3, 1):
        session.add(ReminderRule(channel=Channel.EMAIL, days_before=days, active=True))
    patient = make_patient(session, site)
    session.flush()
    return SmallClinic(site, seats, users, version, patient)


def make_site(
    session: Session, code: str, name: str, *, tz: str = "America/New_York", turnover: int = 0
) -> Site:
    """A site open on weekdays from 8 to 18."""
    site = Site(
        code=code,
        name=name,
        discreet_name=f"{name} Clinic",
        tz=tz,
        country="US",
        region="NY",
        address="12 Harbor Street, Riverside",
        phone="+12125550100",
        from_email="appointments@riverside.example",
        turnover_minutes=turnover,
    )
    session.add(site)
    session.flush()
    for weekday in range(5):
        session.add(OpeningHours(site_id=site.id, weekday=weekday, from_minute=480, to_minute=1080))
    return site


def make_user(session: Session, role: Role, site: Site, name: str | None = None) -> User:
    """A member of staff with one role; the password hash matches nothing."""
    label = name or role.value
    user = User(
        email=f"{label}@riverside.example",
        name=label.replace("_", " ").title(),
        password_hash="!",
        site_id=site.id,
        created_at=NOW,
        roles=[UserRole(role=role)],
    )
    session.add(user)
    session.flush()
    return user


def add_duty(
    session: Session,
    user: User,
    site: Site,
    duty: Duty,
    *,
    start: int = 480,
    end: int = 1080,
    breaks: list[list[int]] | None = None,
) -> None:
    """The same hours on every weekday."""
    for weekday in range(5):
        session.add(
            DutyPattern(
                user_id=user.id,
                site_id=site.id,
                duty=duty,
                weekday=weekday,
                from_minute=start,
                to_minute=end,
                breaks=breaks or [],
                valid_from=date(2026, 1, 1),
            )
        )


def make_protocol(
    session: Session, name: str = "Loading, 3 × week", *, infusions: int = 6
) -> ProtocolVersion:
    """Six visits of two hours, 2 or 3 days apart, all within 14 days."""
    protocol = Protocol(name=name)
    version = ProtocolVersion(
        protocol=protocol,
        version=1,
        infusions=infusions,
        gap_min=2,
        gap_max=3,
        gap_target=2,
        span_min=11 if infusions > 1 else 1,
        span_max=14,
        recovery_gap_max=5,
        recovery_span_max=21,
        created_at=NOW,
        phases=[
            ProtocolPhase(position=1, name="Preparation", minutes=20, patients_per_nurse=1),
            ProtocolPhase(
                position=2, name="Infusion", minutes=40, patients_per_nurse=4, clinician_present=True
            ),
            ProtocolPhase(position=3, name="Recovery", minutes=50, patients_per_nurse=6),
            ProtocolPhase(position=4, name="Discharge", minutes=10, patients_per_nurse=1),
        ],
    )
    session.add(version)
    session.flush()
    return version


def make_patient(session: Session, site: Site, number: int = 1, **changes: object) -> Patient:
    """A patient who can come at any time, with the keys they are found by."""
    values: dict[str, object] = {
        "record_number": f"{site.code}-{number:05d}",
        "given_name": "Marta",
        "family_name": "Lindqvist",
        "birth_date": date(1986, 3, 14),
        "phone": "+12125550123",
        "email": f"marta{number}@example.org",
        "site_id": site.id,
        "created_at": NOW,
        **changes,
    }
    patient = Patient(**values)
    session.add(patient)
    session.flush()
    write_keys(session, patient)
    return patient


def zone_at_noon(at: datetime) -> str:
    """A zone where it is noon at `at`, so that no quiet hours hold a message whenever the tests run."""
    return f"Etc/GMT{at.hour - 12:+d}"
