"""What a change of the capacity does to booked visits: shown first, listed as tasks after."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.capacity.actions.closures import add_closure, set_holiday
from scheduler.features.settings.actions import apply
from scheduler.features.settings.actions.apply import Change, EffectsError, apply_change
from scheduler.features.settings.effects import Effect, judged
from scheduler.features.tasks.queries import open_tasks
from scheduler.models import AuditEvent, Chair, Closure, Infusion, InfusionStatus, Site
from tests.support.clinic import NOW, TODAY, SmallClinic, small_clinic
from tests.support.visits import add_six

DAYS = [TODAY, *(TODAY.replace(day=day) for day in (4, 6, 9, 12, 13))]
BOSS = Actor(None, "Clara")


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """Six visits at nine, the first of them running since an hour."""
    with database.write() as session:
        found = small_clinic(session)
        _, visits = add_six(session, found, DAYS)
        visits[0].status = InfusionStatus.IN_PROGRESS
    return found


def shut(clinic: SmallClinic, day: int, hours: int = 2) -> Change:
    """A closure of the first chair from nine on."""
    start = datetime(2026, 11, day, 9)  # noqa: DTZ001 - wall time
    end = start + timedelta(hours=hours)
    return partial(
        add_closure,
        site_id=clinic.site.id,
        chair_id=clinic.chairs[0].id,
        starts=start,
        ends=end,
        reason="Pump service",
    )


def refused(database: Database, change: Change, agreed: str = "") -> EffectsError:
    with pytest.raises(EffectsError) as caught, database.write() as session:
        apply_change(session, BOSS, NOW, change, agreed)
    return caught.value


def test_all_visits_hold_before_anything_changes(database: Database, clinic: SmallClinic) -> None:
    with database.read() as session:
        assert [each.why for each in judged(session, NOW).values()] == [()] * 6


def test_a_change_that_breaks_nothing_is_saved_at_once(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        assert apply_change(session, BOSS, NOW, shut(clinic, 5), "") == (0, 0)
        assert session.scalar(select(Closure.reason)) == "Pump service"
        assert open_tasks(session) == []


def test_the_visits_it_breaks_are_told_and_nothing_is_saved(database: Database, clinic: SmallClinic) -> None:
    (effect,) = refused(database, shut(clinic, 6)).visits
    assert (effect.patient, effect.number) == (clinic.patient.name, 3)
    assert str(effect.start) == "2026-11-06 09:00:00"
    assert effect.why == ("Chair 1 is closed (Pump service).",)
    with database.read() as session:
        assert session.scalar(select(Closure.id)) is None
        assert open_tasks(session) == []


def test_agreed_to_it_saves_and_makes_a_task_of_each_visit(database: Database, clinic: SmallClinic) -> None:
    agreed = refused(database, shut(clinic, 6)).agreed
    with database.write() as session:
        assert apply_change(session, BOSS, NOW, shut(clinic, 6), agreed) == (1, 0)
    with database.read() as session:
        (task,) = open_tasks(session)
        visit = session.scalars(select(Infusion).where(Infusion.number == 3)).one()
        assert (task.infusion_id, task.due_on, task.facts) == (
            visit.id,
            visit.local_day,
            {"why": "Chair 1 is closed (Pump service)."},
        )
        assert session.scalar(select(AuditEvent.detail).where(AuditEvent.action == "capacity.broke_visits"))


def test_who_agreed_to_one_list_is_shown_a_longer_one_first(database: Database, clinic: SmallClinic) -> None:
    agreed = refused(database, shut(clinic, 6)).agreed
    longer = refused(database, shut(clinic, 6, hours=24 * 4), agreed)
    assert [effect.number for effect in longer.visits] == [3, 4]


def test_a_visit_that_is_running_is_told_too(database: Database, clinic: SmallClinic) -> None:
    (effect,) = refused(database, shut(clinic, 2)).visits
    assert effect.running


def test_what_was_broken_before_is_not_told_again(database: Database, clinic: SmallClinic) -> None:
    agreed = refused(database, shut(clinic, 6)).agreed
    with database.write() as session:
        apply_change(session, BOSS, NOW, shut(clinic, 6), agreed)
        assert apply_change(session, BOSS, NOW, shut(clinic, 6), "") == (0, 0)
        assert len(open_tasks(session)) == 1


def test_visits_that_are_over_are_let_alone(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.execute(update(Infusion).values(status=InfusionStatus.COMPLETED))
        assert apply_change(session, BOSS, NOW, shut(clinic, 2, hours=24 * 20), "") == (0, 0)


def test_a_chair_of_another_kind_or_none_breaks_its_visits(database: Database, clinic: SmallClinic) -> None:
    def to_bed(session, actor, at):  # type: ignore[no-untyped-def]
        session.execute(update(Chair).values(chair_type="bed"))

    def retire(session, actor, at):  # type: ignore[no-untyped-def]
        session.execute(update(Chair).where(Chair.id == clinic.chairs[0].id).values(retired_at=at))

    assert len(refused(database, retire).visits) == 6
    with database.write() as session:
        session.get_one(type(clinic.protocol_version), clinic.protocol_version.id).chair_type = "chair"
    assert refused(database, to_bed).visits[0].why == (
        "Chair 1 is not of the kind that the course asks for.",
    )


def test_a_site_that_is_archived_breaks_all_its_visits(database: Database, clinic: SmallClinic) -> None:
    def archive(session, actor, at):  # type: ignore[no-untyped-def]
        session.execute(update(Site).values(archived_at=at))

    assert [effect.why for effect in refused(database, archive).visits] == [
        ("The site is no longer in use.",)
    ] * 6


def test_a_holiday_opens_and_shuts_again(database: Database, clinic: SmallClinic) -> None:
    holiday = TODAY.replace(day=11)
    opened = partial(set_holiday, site_id=clinic.site.id, day=holiday)
    with database.write() as session:
        apply_change(session, BOSS, NOW, partial(opened, is_open=True), "")
        session.execute(
            update(Infusion)
            .where(Infusion.number == 5)
            .values(
                local_day=holiday,
                starts_at=NOW + timedelta(days=9, hours=-1),
                ends_at=NOW + timedelta(days=9, hours=1),
            )
        )
    (effect,) = refused(database, partial(opened, is_open=False)).visits
    assert effect.number == 5 and "Veterans Day" in effect.why[0]


def test_a_closure_that_ends_first_or_of_another_sites_chair_is_refused(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        with pytest.raises(RuleError, match="ends before it begins"):
            shut(clinic, 6, hours=-1)(session, BOSS, NOW)
        with pytest.raises(RuleError, match="does not stand at this site"):
            partial(shut(clinic, 6), chair_id=99)(session, BOSS, NOW)


def test_a_change_that_breaks_nothing_is_judged_once_and_one_that_does_is_made_once(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[datetime] = []

    def counted(session: Session, at: datetime) -> dict[int, Effect]:
        calls.append(at)
        return judged(session, at)

    monkeypatch.setattr(apply, "judged", counted)
    with database.write() as session:
        apply_change(session, BOSS, NOW, shut(clinic, 5), "")
    assert len(calls) == 1
    agreed = refused(database, shut(clinic, 6)).agreed
    with database.write() as session:
        apply_change(session, BOSS, NOW, shut(clinic, 6), agreed)
    with database.read() as session:
        assert len(session.scalars(select(Closure.id)).all()) == 2
        added = select(AuditEvent.id).where(AuditEvent.action == "closure.added")
        assert len(session.scalars(added).all()) == 2
