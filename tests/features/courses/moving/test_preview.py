"""What a move would do, read from the rows of either database."""

from datetime import date, datetime

import pytest

from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.courses.moving.order import decode_move
from scheduler.features.courses.moving.preview import MoveWish, move_preview
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.visits import add_six

DAYS = [date(2026, 11, day) for day in (2, 4, 6, 9, 12, 16)]


def test_the_visits_of_the_course_itself_stand_in_nobodys_way(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        _, visits = add_six(session, clinic, DAYS)
        visit_id = visits[2].id
    with database.read() as session:
        page = move_preview(session, NOW, visit_id, MoveWish(DAYS[2], 560, clinic.chairs[0].id))
    assert page.hard == page.broken == ()
    placed = decode_move(page.ways[0].value)
    assert [(each.number, each.chair_id, each.start) for each in placed.placements] == [
        (3, clinic.chairs[0].id, datetime(2026, 11, 6, 9, 20))  # noqa: DTZ001 - wall time
    ]
    assert placed.seen == {visit_id: 1}


def test_another_patients_visit_does(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        _, visits = add_six(session, clinic, DAYS)
        other = make_patient(session, clinic.site, 9, given_name="Otto", family_name="Vogel")
        add_six(session, clinic, DAYS, "13:00", patient=other)
        visit_id = visits[2].id
    with database.read() as session:
        page = move_preview(session, NOW, visit_id, MoveWish(DAYS[2], 780, clinic.chairs[0].id))
    assert page.ways == ()
    assert "No chair is free then." in page.hard or any("nurses are full" in words for words in page.hard)


@pytest.mark.parametrize(
    "text", ["", "3.1.1@20261106T0900", "3.1.1.1@20261306T0900", "~", "3.1.1.1@2026٣106T0900"]
)
def test_a_choice_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        decode_move(text)
