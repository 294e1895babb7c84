"""The demo leaves room: a new course can be booked within the next two weeks, and there is a choice."""

from datetime import timedelta
from itertools import product

import pytest

from scheduler.features.capacity.queries import current_protocols, sites
from scheduler.features.courses.propose import Search, propose_courses
from scheduler.features.courses.wishes import Wishes
from tests.cli.demo.conftest import Made

WISHES = {
    "any time": Wishes(dict.fromkeys(range(7), ((0, 1440),))),
    "weekdays": Wishes(dict.fromkeys(range(5), ((0, 1440),))),
    "mornings": Wishes(dict.fromkeys(range(5), ((0, 720),))),
    "not on Tuesday mornings": Wishes({day: ((720 if day == 1 else 0, 1440),) for day in range(5)}),
}


def test_most_wishes_get_three_proposals_within_two_weeks(any_clinic: Made) -> None:
    first = any_clinic.today + timedelta(days=1)
    counts = []
    with any_clinic.database.read() as session:
        loading = [version for version in current_protocols(session) if version.infusions == 6]
        for version, wishes, site in product(loading, WISHES.values(), sites(session)):
            search = Search(1, version, (site,), first, first + timedelta(days=13), wishes)
            counts.append(len(propose_courses(session, any_clinic.now, search).offers))
    assert sum(count == 3 for count in counts) >= 0.8 * len(counts)


@pytest.mark.parametrize("wishes", WISHES.values(), ids=WISHES)
def test_the_story_of_the_front_desk_can_be_played(clinic: Made, wishes: Wishes) -> None:
    first = clinic.today + timedelta(days=1)
    with clinic.database.read() as session:
        version = next(one for one in current_protocols(session) if one.protocol.name == "Loading, 3 × week")
        search = Search(1, version, tuple(sites(session)), first, first + timedelta(days=13), wishes)
        assert len(propose_courses(session, clinic.now, search).offers) == 3
