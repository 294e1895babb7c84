"""Who asked for a consultation: some came through to a course, some did not, and some wait now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import pick, stream
from scheduler.cli.demo.consulting import Consulting
from scheduler.cli.demo.days import ZONE, Calendar, at
from scheduler.cli.demo.links import Links
from scheduler.cli.demo.names import Name, mailbox, people
from scheduler.cli.demo.request_mail import name_mail, settle_mail, write_mail
from scheduler.cli.demo.staff import Staff
from scheduler.features.intake.requests.actions.receive import receive
from scheduler.features.intake.requests.order import Order
from scheduler.features.intake.steps import advance, workday
from scheduler.features.path.actions.tend import Plan, add_note, plan, reached, tried
from scheduler.features.path.actions.turn import close
from scheduler.models import ConsultationRequest, Course, Patient, RequestStatus, Role, Site

AREA_CODES = ("413", "508", "617", "857")
AGREED = "You may write to me and call me about this request."
HALF_DAYS: dict[tuple[str, ...], int] = {
    (): 3, ("0a", "1a", "2a", "3a", "4a"): 3, ("1p", "3p"): 4, ("0a", "2a"): 3, ("4a", "4p"): 2,
}  # fmt: skip
WAYS = {"in_person": 5, "phone": 4}
WHY_CLOSED = ("They changed their mind", "Could not be reached", "Went elsewhere")
NOTES = (
    "Prefers a call after 17:00.",
    "Asked what it costs; sent the price list.",
    "Her brother will drive her.",
)
THROUGH, PAST = 12, 14
"""So many whose course followed, and so many of earlier weeks of which nothing came."""
WAITING: tuple[tuple[str, int, int], ...] = (  # How far they are, days ago, the minute of the day.
    ("new", 1, 1240), ("new", 1, 1305), ("new", 1, 1392), ("tried", 3, 610), ("late", 8, 1180),
    ("contacted", 2, 700), ("booked", 4, 560), ("booked", 5, 820), ("today", 6, 930), ("missed", 9, 615),
    ("seen", 8, 1100), ("seen", 10, 1275),
)  # fmt: skip


@dataclass
class Asking:
    """Writes requests and what became of them, in the order in which it happened to each."""

    session: Session
    calendar: Calendar
    staff: Staff
    chance: Random
    sites: Sequence[Site]
    consulting: Consulting

    def ask(self, name: Name, came: datetime, number: int, **other: object) -> ConsultationRequest:
        """One request, mostly by the public page; some at the desk."""
        site = self.sites[0] if self.chance.random() < 0.7 else self.sites[-1]
        source = "desk" if self.chance.random() < 0.25 else "page"
        way = pick(self.chance, WAYS)
        values = {
            "site_id": site.id,
            "source": source,
            "request_key": f"demo-request-{number}",
            "given_name": name.given,
            "family_name": name.family,
            "email": f"{mailbox(name)}@example.org" if self.chance.random() < 0.9 or way != "phone" else None,
            "phone": f"+1{self.chance.choice(AREA_CODES)}55501{self.chance.randrange(100):02d}",
            "language": "es" if name.spanish and self.chance.random() < 0.6 else "en",
            "consent_words": AGREED,
            "half_days": pick(self.chance, HALF_DAYS),
            "way": way,
            **other,
        }
        actor = self.clerk(site.id) if source == "desk" else Actor(None, "request page")
        return receive(self.session, actor, came, Order(**values))  # type: ignore[arg-type]

    def clerk(self, site_id: int) -> Actor:
        """Who answers at the desk of a site."""
        user = (self.staff.of(Role.FRONT_DESK, site_id) or self.staff.of(Role.NURSE, site_id))[0]
        return Actor(user.id, user.name)

    def doctor(self, site_id: int) -> Actor:
        """Who decides at a site."""
        user = (self.staff.of(Role.CLINICIAN, site_id) or self.staff.of(Role.CLINICIAN, self.sites[0].id))[0]
        return Actor(user.id, user.name)

    def morning(self, since: datetime, days: int) -> datetime:
        """The working morning so many days later, and never later than yesterday."""
        return min(at(_day(since, days), 9 * 60 + 40), self.calendar.morning - timedelta(hours=5))

    def answer(self, request: ConsultationRequest, when: datetime) -> datetime:
        """Somebody calls back and looks after it from then on; when that was."""
        clerk = self.clerk(request.site_id)
        reached(self.session, clerk, when, request.id)
        if self.chance.random() < 0.4:
            add_note(self.session, clerk, when, request.id, self.chance.choice(NOTES))
        due = request.next_due or when.date()
        plan(
            self.session,
            clerk,
            when,
            request.id,
            Plan(request.next_step, due, clerk.user_id, request.version),
        )
        return when

    def hold(self, request: ConsultationRequest, when: datetime, day: date, end: str) -> datetime | None:
        """Book a consultation on `day` or soon after, and let it end so; when that was, None for no room."""
        row = self.consulting.book(self.clerk(request.site_id), request, when, day)
        later = row.ends_at + timedelta(minutes=7) if row else self.calendar.now
        if row is None or end == "booked" or later >= self.calendar.morning:
            return None
        settle_mail(self.session, row.starts_at, self.chance)
        self.consulting.end(self.clerk(request.site_id), row, later, end)
        return later


def ask_for_consultations(
    session: Session, calendar: Calendar, seed: int, staff: Staff, address: str
) -> None:
    """Write the requests of the last weeks: those behind courses, those that ended, those that wait."""
    chance = stream(seed, "requests")
    sites = session.scalars(select(Site).where(Site.archived_at.is_(None)).order_by(Site.id)).all()
    uids = stream(seed, "uids of consultations")
    asking = Asking(session, calendar, staff, chance, sites, Consulting(session, calendar, chance, uids))
    names = people(stream(seed, "names of requests"), PAST + len(WAITING))
    for number, (course, patient) in enumerate(_first_courses(session, calendar, chance)):
        _came_through(asking, number, course, patient)
    for number, name in enumerate(names[:PAST]):
        _ended(asking, 100 + number, name, chance.randrange(18, 78))
    for number, name in enumerate(names[PAST:]):
        _waits(asking, 200 + number, name, *WAITING[number])
    settle_mail(session, calendar.now, chance)
    name_mail(session, stream(seed, "mail of requests"))
    write_mail(session, calendar.now, Links(session, seed, "links in mail of requests", address))
    session.flush()


def _first_courses(session: Session, calendar: Calendar, chance: Random) -> Sequence[tuple[Course, Patient]]:
    """Courses of the last weeks that were somebody's first."""
    first = select(func.min(Course.id)).group_by(Course.patient_id)
    rows = session.execute(
        select(Course, Patient)
        .join(Patient, Patient.id == Course.patient_id)
        .where(Course.id.in_(first), Course.entered.is_(False), Patient.email.is_not(None))
        .where(Course.booked_at.between(at(calendar.day(-75), 0), at(calendar.day(-4), 0)))
        .order_by(Course.booked_at, Course.id)
    ).all()
    chosen = sorted(chance.sample(range(len(rows)), min(THROUGH, len(rows))))
    return [(rows[place][0], rows[place][1]) for place in chosen]


def _came_through(asking: Asking, number: int, course: Course, patient: Patient) -> None:
    """They asked some two weeks before the course was booked, and were seen before that."""
    came = course.booked_at - timedelta(days=asking.chance.randrange(11, 17), hours=5)
    name = Name(patient.given_name, patient.family_name, patient.language == "es")
    request = asking.ask(
        name, came, number, email=patient.email, phone=patient.phone, way="in_person", site_id=patient.site_id
    )
    answered = asking.answer(request, asking.morning(came, 1))
    held = asking.hold(request, answered, _day(answered, 3), "seen")
    if held is None or held >= course.booked_at:
        return
    request.patient_id = patient.id
    asking.session.flush()
    advance(asking.session, asking.doctor(request.site_id), held, request, RequestStatus.SUITABLE)


def _ended(asking: Asking, number: int, name: Name, days_ago: int) -> None:
    """Of these nothing came: they were closed, or a clinician said not now or referred them."""
    request = asking.ask(name, at(asking.calendar.day(-days_ago), asking.chance.randrange(420, 1400)), number)
    answered = asking.answer(request, asking.morning(request.received_at, 1))
    end = pick(asking.chance, {"closed": 5, "not_now": 3, "referred": 3})
    if end != "closed":
        held = asking.hold(request, answered, _day(answered, 3), "seen")
        if held is not None:
            words = "Decided in the screening"
            advance(asking.session, asking.doctor(request.site_id), held, request, RequestStatus(end), words)
        return
    when, why = asking.morning(answered, asking.chance.randrange(2, 7)), asking.chance.choice(WHY_CLOSED)
    close(asking.session, asking.clerk(request.site_id), when, request.id, why)


def _waits(asking: Asking, number: int, name: Name, far: str, days_ago: int, minute: int) -> None:
    """These wait now, each at another step."""
    young = {"is_minor": True, "guardian_name": f"Ada {name.family}"} if minute == 1305 else {}
    request = asking.ask(name, at(asking.calendar.day(-days_ago), minute), number, source="page", **young)
    clerk = asking.clerk(request.site_id)
    today = asking.calendar.today
    after: dict[str, Callable[[datetime], object]] = {
        "booked": lambda when: asking.hold(request, when, workday(today, 2), "booked"),
        "today": lambda when: asking.hold(request, when, workday(today, 0), "booked"),
        "missed": lambda when: asking.hold(request, when, workday(today, -4), "missed"),
        "seen": lambda when: asking.hold(request, when, workday(today, -4), "seen"),
    }
    if far == "tried":
        tried(asking.session, clerk, asking.morning(request.received_at, 1), request.id)
    elif far not in ("new", "late"):
        answered = asking.answer(request, asking.morning(request.received_at, 1))
        if far in after:
            after[far](answered)


def _day(since: datetime, days: int) -> date:
    return workday(since.astimezone(ZONE).date(), days)
