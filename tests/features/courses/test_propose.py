"""Proposals from the clinic's own rows."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.propose import propose_courses, scenes_for
from scheduler.features.courses.wishes import Wishes
from scheduler.models import Closure
from scheduler.planning import check
from tests.support.clinic import NOW, SmallClinic, make_patient, make_protocol, small_clinic
from tests.support.courses import ANY_TIME, best_visits, order_for, search_for, set_on

NOT_TUESDAY_MORNING = Wishes({**ANY_TIME.weekly, 1: ((720, 1440),)})


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, committed."""
    with database.write() as session:
        return small_clinic(session)


def test_proposals_are_complete_keep_every_rule_and_differ(database: Database, clinic: SmallClinic) -> None:
    with database.read() as session:
        outcome = propose_courses(session, NOW, search_for(session, clinic, wishes=NOT_TUESDAY_MORNING))
    assert len(outcome.offers) == 3
    for offer in outcome.offers:
        plan, scene = offer.proposal.plan, offer.scene
        assert check(scene.clinic, scene.bookings, scene.request, plan) == []
        assert not any(each.day.weekday() == 1 and each.minute < 720 for each in plan.infusions)
    assert len({offer.proposal.plan.infusions for offer in outcome.offers}) == 3


def test_thanksgiving_closes_the_site_without_anybody_typing_it(
    database: Database, clinic: SmallClinic
) -> None:
    thanksgiving = date(2026, 11, 26)
    with database.read() as session:
        search = search_for(session, clinic, first=thanksgiving, days=1)
        (scene,) = scenes_for(session, NOW, search)
    (free,) = scene.field.free.values()
    first = thanksgiving.toordinal() - scene.field.first
    assert not free[0][first].any()
    assert free[0][first + 1].any()


def test_a_booked_visit_is_seen_by_the_next_proposal(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
        visits = best_visits(session, search_for(session, clinic))
        book_course(session, Actor(None, "Rosa"), NOW, order_for(clinic, visits))
    with database.read() as session:
        outcome = propose_courses(session, NOW, search_for(session, clinic, patient=other))
    taken = {(visit.chair_id, visit.start) for visit in visits}
    for offer in outcome.offers:
        starts = {(int(e.chair), e.start.replace(tzinfo=None)) for e in offer.proposal.plan.infusions}
        assert not starts & taken
        assert check(offer.scene.clinic, offer.scene.bookings, offer.scene.request, offer.proposal.plan) == []


def test_a_day_with_another_visit_of_the_patient_is_not_proposed(
    database: Database, clinic: SmallClinic
) -> None:
    first = datetime(2026, 11, 16, 9, 30)  # noqa: DTZ001 - local wall time
    with database.write() as session:
        book_course(session, Actor(None, "Rosa"), NOW, order_for(clinic, set_on(clinic.chairs[0].id, first)))
    with database.read() as session:
        outcome = propose_courses(
            session, NOW, search_for(session, clinic, first=date(2026, 11, 16), days=14)
        )
    booked = {date(2026, 11, day) for day in (16, 18, 20, 23, 25, 27)}
    assert outcome.offers
    for offer in outcome.offers:
        assert not booked & set(offer.proposal.plan.days)


def test_what_is_over_today_is_not_proposed(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        single = make_protocol(session, "Booster", infusions=1)
    with database.read() as session:
        search = replace(search_for(session, clinic, first=NOW.date(), days=0), version=single)
        outcome = propose_courses(session, NOW, search)
    firsts = [offer.proposal.plan.infusions[0] for offer in outcome.offers]
    assert firsts
    assert all(each.day == NOW.date() and each.minute >= 10 * 60 for each in firsts)


def test_when_nothing_fits_the_explanation_names_the_way_out(database: Database, clinic: SmallClinic) -> None:
    mondays = Wishes({0: ((0, 1440),)})
    with database.read() as session:
        outcome = propose_courses(session, NOW, search_for(session, clinic, wishes=mondays))
    assert outcome.offers == ()
    names = {way.name for explanation in outcome.explanations for way in explanation.relaxations}
    assert names == {"patient any time"}


def test_a_closure_of_the_whole_site_leaves_no_visit_in_it(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        start = NOW + timedelta(days=7)
        closure = Closure(
            site_id=clinic.site.id, starts_at=start, ends_at=start + timedelta(days=2), reason="Paint"
        )
        session.add(closure)
    with database.read() as session:
        outcome = propose_courses(session, NOW, search_for(session, clinic))
    for offer in outcome.offers:
        for each in offer.proposal.plan.infusions:
            assert not (closure.starts_at < each.start + timedelta(hours=2) and each.start < closure.ends_at)
