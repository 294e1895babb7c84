"""The list: for all protocols or for one, in the clinic's order, ticked by somebody, in every language."""

import pytest

from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.courses.preparation.clinic_list import (
    ItemFacts,
    add_item,
    all_items,
    install_list,
    put_away,
    shift_item,
)
from scheduler.features.courses.preparation.lists import list_of
from scheduler.features.courses.preparation.ticks import set_tick
from scheduler.models import InfusionStatus
from scheduler.rendering.language import codes
from tests.support.changes import LATER, ROSA, booked, visits
from tests.support.clinic import SmallClinic, make_protocol


def test_a_new_clinic_begins_with_the_usual_list_in_every_language(database: Database) -> None:
    for _ in range(2):
        with database.write() as session:
            install_list(session, ROSA, LATER)
    with database.read() as session:
        items = all_items(session)
    assert [item.label for item in items] == ["Escort", "Fasting"]
    assert all(set(item.words) == set(codes()) for item in items)


def test_a_visit_has_the_items_of_its_protocol_and_those_for_all_in_the_clinics_order(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        other = make_protocol(session, "Booster", infusions=1)
        session.flush()
        mine = clinic.protocol_version.protocol_id
        for label, protocol in (("All", None), ("Theirs", other.protocol_id), ("Mine", mine), ("Gone", None)):
            found = add_item(session, ROSA, LATER, ItemFacts(protocol, label, {"en": label}))
        put_away(session, ROSA, LATER, found.id, True)
        visit = visits(session, course)[0]
        assert [item.label for item in list_of(session, visit.id)] == ["All", "Mine"]
        shift_item(session, ROSA, LATER, 3, -1)
        shift_item(session, ROSA, LATER, 3, -1)
        shift_item(session, ROSA, LATER, 3, -1)
        assert [item.label for item in list_of(session, visit.id)] == ["Mine", "All"]


def test_a_tick_says_who_and_when_and_only_an_open_visit_takes_one(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        install_list(session, ROSA, LATER)
        visit = visits(session, course)[0]
        assert set_tick(session, ROSA, LATER, visit.id, 1, True, "desk")
        assert not set_tick(session, ROSA, LATER, visit.id, 1, True, "patient")
        assert [(item.at, item.source) for item in list_of(session, visit.id)] == [
            (LATER, "desk"),
            (None, None),
        ]
        put_away(session, ROSA, LATER, 2, True)
        with pytest.raises(NotFoundError):
            set_tick(session, ROSA, LATER, visit.id, 2, True, "desk")
        visit.status = InfusionStatus.CANCELLED
        session.flush()
        with pytest.raises(ConflictError, match="over or off"):
            set_tick(session, ROSA, LATER, visit.id, 1, False, "patient")
