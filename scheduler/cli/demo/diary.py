"""What the planner sees of the demo: the capacity of both sites over its whole time, and who stands in it.

Capacity comes through the bridge that the pages use; it is prepared once, because nothing of it changes
while the clinic is filled. The visits are those the planner itself has placed.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from scheduler.cli.demo.days import HORIZON, Calendar
from scheduler.features.capacity.ground import bookings_of, clinic_of, known_versions
from scheduler.features.capacity.queries import sites
from scheduler.planning import (
    Bookings,
    Clinic,
    Plan,
    PlannedInfusion,
    Request,
    best,
    prepare,
    survey,
    tabulate,
)


class Diary:
    """Capacity and standing visits, to plan in."""

    def __init__(self, session: Session, calendar: Calendar) -> None:
        self.first, self.last = (calendar.day(offset) for offset in HORIZON)
        self.clinic: Clinic = clinic_of(
            session, sites(session), known_versions(session), self.first, self.last
        )
        self.ground = prepare(self.clinic)
        self.bookings = Bookings.none()

    def plan(self, request: Request) -> Plan | None:
        """The best plan among the visits that stand, or None."""
        return best(tabulate(survey(self.ground, self.bookings, request), request.weights))

    def add(self, infusions: Iterable[PlannedInfusion]) -> None:
        """Let these visits stand."""
        rows = [(each.site, each.chair, each.day, each.minute, each.type) for each in infusions]
        self.bookings = self.bookings.plus(Bookings.of(self.clinic, rows))

    def read_again(self, session: Session) -> None:
        """Take the visits that stand from the database."""
        session.flush()
        self.bookings = bookings_of(session, self.clinic, self.first, self.last)
