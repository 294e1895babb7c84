"""The courses: wished for, planned by the planner, booked by the booking action, one after the other.

They are booked in the order in which people asked, each among the visits that stood by then. So the day
views look as they would after months of work, and every rule holds that holds for a real booking.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import pick, stream, uuid_text
from scheduler.cli.demo.days import Calendar, at
from scheduler.cli.demo.diary import Diary
from scheduler.cli.demo.staff import Staff
from scheduler.cli.demo.visitors import Visitor
from scheduler.features.capacity.ground import protocol_of
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.order import CourseOrder
from scheduler.features.courses.page import as_visits
from scheduler.features.courses.wishes import Wishes, patient_away, patient_weekly
from scheduler.models import Patient, ProtocolVersion, Role
from scheduler.planning import Plan, Request

THRICE, TWICE, FLEXIBLE = "Loading, 3 × week", "Loading, 2 × week", "Loading, flexible"
COMPRESSED, BOOSTER = "Compressed (travellers)", "Booster"
SHARES = {THRICE: 45, TWICE: 26, FLEXIBLE: 21, COMPRESSED: 8}
PREFERRED: Mapping[tuple[int, int] | None, int] = {None: 50, (480, 630): 24, (780, 930): 18, (870, 960): 8}
AVOIDED: Mapping[tuple[int, ...], int] = {(): 88, (0,): 6, (4,): 6}
START_WITHIN = 10
BOOSTER_SHARE = 0.2
BOOSTER_AFTER = (28, 42)
"""Days after the last infusion: four to six weeks (CLINICAL.md, section 1)."""


@dataclass(frozen=True, order=True)
class _Wish:
    """Somebody books at `booked` for a first visit from `first` on.

    `tries` are protocols, each with the days after `first` on which the first visit may still be; the first
    that has room is taken. `turn` keeps the order where times are equal.
    """

    booked: datetime
    turn: int
    first: date = field(compare=False)
    patient: Patient = field(compare=False)
    tries: tuple[tuple[str, int], ...] = field(compare=False)


class Bookings:
    """Books one wish after the other and remembers the courses."""

    def __init__(
        self,
        session: Session,
        calendar: Calendar,
        seed: int,
        staff: Staff,
        protocols: Mapping[str, ProtocolVersion],
    ) -> None:
        self.session, self.calendar, self.staff, self.protocols = session, calendar, staff, protocols
        self.chance = stream(seed, "courses")
        self.keys = stream(seed, "keys")
        self.diary = Diary(session, calendar)
        self.queue: list[_Wish] = []
        self.course_ids: list[int] = []
        self.turns = 0

    def book_all(self, visitors: Sequence[Visitor], patients: Sequence[Patient]) -> list[int]:
        """Book what the visitors wish for, and boosters for some of them; the ids of the courses in order."""
        for visitor, patient in zip(visitors, patients, strict=True):
            if visitor.booked is not None and visitor.first_day is not None:
                first = self.calendar.day(visitor.first_day)
                self._wish(visitor.booked, first, patient, self._tries(visitor))
        while self.queue:
            self._serve(heapq.heappop(self.queue))
        return self.course_ids

    def _tries(self, visitor: Visitor) -> tuple[tuple[str, int], ...]:
        """Free people want that very day, so that a holiday can't shift all of them away from today."""
        wanted = [(THRICE, 0)] if visitor.free else [(pick(self.chance, SHARES), START_WITHIN)]
        return (*wanted, (FLEXIBLE, START_WITHIN), (TWICE, START_WITHIN))

    def _wish(
        self, booked: datetime, first: date, patient: Patient, tries: tuple[tuple[str, int], ...]
    ) -> None:
        self.turns += 1
        heapq.heappush(self.queue, _Wish(booked, self.turns, first, patient, tries))

    def _serve(self, wish: _Wish) -> None:
        wishes = _wishes(self.chance, wish.patient)
        for name, within in wish.tries:
            version = self.protocols[name]
            plan = self.diary.plan(_request(wish, version, wishes, within))
            if plan is not None:
                self._book(wish, version, wishes, plan)
                self._booster_later(wish, version, plan)
                return

    def _book(self, wish: _Wish, version: ProtocolVersion, wishes: Wishes, plan: Plan) -> None:
        order = CourseOrder(
            patient_id=wish.patient.id,
            site_id=int(plan.site),
            protocol_version_id=version.id,
            visits=as_visits(plan.infusions),
            wishes=wishes.to_json(),
            key=uuid_text(self.keys),
        )
        clerk = self.staff.of(Role.FRONT_DESK, order.site_id)[0]
        actor = Actor(clerk.id, clerk.name)
        booked = book_course(
            self.session, actor, wish.booked, order, lambda: f"{uuid_text(self.keys)}@sixfold"
        )
        self.course_ids.append(booked.course_id)
        self.diary.add(plan.infusions)

    def _booster_later(self, wish: _Wish, version: ProtocolVersion, plan: Plan) -> None:
        """Some come back four to six weeks after the last infusion, where that is known by now."""
        if version.infusions == 1 or self.chance.random() > BOOSTER_SHARE:
            return
        first = plan.days[-1] + timedelta(days=self.chance.randint(*BOOSTER_AFTER))
        booked = first - timedelta(days=self.chance.randrange(6, 13))
        booked -= timedelta(days=max(0, booked.weekday() - 4))
        if booked < self.calendar.today:
            self._wish(
                at(booked, self.chance.randrange(490, 1000)), first, wish.patient, ((BOOSTER, START_WITHIN),)
            )


def _wishes(chance: Random, patient: Patient) -> Wishes:
    weekly = patient_weekly(patient)
    avoided = pick(chance, AVOIDED)
    return Wishes(weekly, patient_away(patient), pick(chance, PREFERRED), frozenset(avoided))


def _request(wish: _Wish, version: ProtocolVersion, wishes: Wishes, within: int) -> Request:
    return Request(
        id=str(wish.patient.id),
        sites=(str(wish.patient.site_id),),
        protocol=protocol_of(version),
        first_day_min=wish.first,
        first_day_max=wish.first + timedelta(days=within),
        availability=wishes.availability(),
        preference=wishes.preference(),
        chair_type=version.chair_type,
    )
