"""Reading ratings: what the front desk may know."""

from datetime import timedelta

from scheduler.db import Database
from scheduler.features.ratings import queries
from scheduler.models import TimePoint
from tests.support.clinic import NOW, TODAY, small_clinic
from tests.support.visits import add_rating, add_six

PRE, POST = TimePoint.PRE, TimePoint.POST_2H
DAYS = [TODAY + timedelta(days=offset) for offset in (-7, -5, -3, 0, 2, 4)]


def test_due_tells_the_front_desk_that_a_rating_waits_and_nothing_else(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course, visits = add_six(session, clinic, DAYS, "09:00", completed=3)
        add_rating(session, visits[3], PRE, 6)
    with database.read() as session:
        version = clinic.protocol_version
        late = NOW + timedelta(minutes=80)
        found = queries.due(session, visits, {course.id: version}, late)
        assert queries.given(session, [visit.id for visit in visits]) == {
            visits[3].id: {(PRE, "anxiety_now")}
        }
    # The fourth of six is the middle of the course: GAD-7 is asked before it, too.
    assert [lack.point for lack in found[visits[3].id]] == [PRE, POST]
    assert [lack.is_over for lack in found[visits[0].id]] == [True, True]
    assert found[visits[4].id] == ()
