"""Rows of vitals, adverse events, rescue drugs, interruptions: added once, corrected beside the original."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.infusion_logs.actions.rows import Entered, put_row, strike_row
from scheduler.features.infusion_logs.actions.vitals import Correction
from scheduler.features.infusion_logs.queries.chart import Chart, chart_of
from scheduler.features.infusion_logs.rows import Row, RowKind
from scheduler.features.tasks.alerts import open_alerts
from scheduler.models import AdverseEvent, Alert, AlertKind, AlertRule, VitalSigns
from tests.features.infusion_logs.conftest import Chair
from tests.support.clinic import NOW

EVENT = {"term": "Nausea", "onset_at": NOW, "grade": 1, "action": "none", "outcome": "ongoing", "note": ""}


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def shown(chair: Chair, at: datetime = NOW) -> Chart:
    with chair.database.read() as session:
        return chart_of(session, chair.infusion_id, at)


def put(chair: Chair, key: str = "event-01", **changes: object) -> Row:
    row_id, seen = changes.pop("row_id", None), changes.pop("seen", 0)
    entered = Entered(RowKind.EVENT, {**EVENT, **changes}, key, row_id, seen)  # type: ignore[arg-type]
    with chair.database.write() as session:
        return put_row(session, chair.ben, NOW, chair.infusion_id, entered)


def test_a_row_that_a_tablet_sends_twice_stands_once(chair: Chair) -> None:
    first = chair.measure("row-0001", sbp=120, dbp=80)
    assert chair.measure("row-0001", sbp=120, dbp=80).id == first.id
    assert put(chair).id == put(chair).id
    with chair.database.read() as session:
        assert session.scalar(select(func.count(VitalSigns.id))) == 1
        assert session.scalar(select(func.count(AdverseEvent.id))) == 1


def test_a_correction_stands_beside_the_first_and_is_made_once(chair: Chair) -> None:
    first = chair.measure("row-0001", sbp=210, dbp=80)
    chair.measure("row-0002", correction=Correction(first.id, "Slip of the finger"), sbp=120, dbp=80)
    with pytest.raises(ConflictError, match="Nurse corrected this reading at 10:00"):
        chair.measure("row-0003", correction=Correction(first.id, "Mine"), sbp=121, dbp=80)
    chart = shown(chair)
    assert [line.reading.pressure for line in chart.grid if line.reading] == ["120/80"]
    assert [(each.pressure, each.stands) for each in chart.readings] == [("210/80", False), ("120/80", True)]


def test_a_correction_needs_a_reason_and_a_reading_of_this_log(fast_chair: Chair) -> None:
    first = fast_chair.measure("row-0001", sbp=210, dbp=80)
    with pytest.raises(RuleError, match="why the reading is wrong"):
        fast_chair.measure("row-0002", correction=Correction(first.id, ""), sbp=120)
    with pytest.raises(NotFoundError):
        fast_chair.measure("row-0002", correction=Correction(99, "Mine"), sbp=120)


def test_readings_written_out_of_order_stand_in_the_order_they_were_taken(fast_chair: Chair) -> None:
    fast_chair.save("times", started_at="09:30")
    for key, minutes in (("row-0001", 10), ("row-0002", 35), ("row-0003", 21)):
        fast_chair.measure(key, taken_at=ago(minutes), sbp=120, dbp=80)
    labels = [(line.label, line.state) for line in shown(fast_chair).grid]
    assert labels[:4] == [("Before", "taken"), ("9 min", "taken"), ("20 min", "taken"), ("30 min", "now")]


def test_the_grid_says_which_row_is_due_and_which_nobody_took(fast_chair: Chair) -> None:
    fast_chair.save("times", started_at="09:30")
    chart = shown(fast_chair)
    assert [(line.label, line.state) for line in chart.grid][:4] == [
        ("10 min", "lost"),
        ("20 min", "lost"),
        ("30 min", "now"),
        ("40 min", "later"),
    ]
    assert chart.due is not None and chart.due.at == NOW
    assert sum(line.state == "now" for line in chart.grid) == 1


def test_an_infusion_that_nobody_stopped_goes_on_asking_for_vitals(fast_chair: Chair) -> None:
    fast_chair.save("times", started_at="09:30")
    due = shown(fast_chair, NOW + timedelta(minutes=31)).due
    assert due is not None and (due.label, due.at) == ("60 min", NOW + timedelta(minutes=30))


def test_a_reading_from_the_future_is_refused_and_a_clock_that_is_a_minute_ahead_is_not(
    fast_chair: Chair,
) -> None:
    with pytest.raises(RuleError, match="still to come"):
        fast_chair.measure("row-0001", taken_at=NOW + timedelta(minutes=5), sbp=120)
    assert fast_chair.measure("row-0001", taken_at=NOW + timedelta(minutes=1), sbp=120).taken_at == NOW


def test_a_pressure_at_the_limit_keeps_the_log_open_until_it_is_answered(
    fast_chair: Chair,
) -> None:
    fast_chair.save("times", started_at="09:30")
    fast_chair.measure("row-0001", sbp=184, dbp=102)
    assert [line.hold for line in shown(fast_chair).held] == ["act"]
    assert "184/102 at 10:00: what was done is not recorded." in [
        each.words for each in shown(fast_chair).missing
    ]


def test_the_second_who_changes_an_event_is_told_and_may_put_theirs_in_its_place(chair: Chair) -> None:
    row = put(chair)
    put(chair, row_id=row.id, seen=1, grade=2)
    with pytest.raises(ConflictError, match="Nurse changed this at 10:00"):
        put(chair, row_id=row.id, seen=1, grade=3)
    put(chair, row_id=row.id, seen=2, grade=3)
    assert shown(chair).rows["events"][0].words["grade"] == "3, severe"


def test_a_severe_event_waits_for_a_clinician_once(fast_chair: Chair) -> None:
    put(fast_chair, key="event-02", grade=2)
    row = put(fast_chair, grade=3)
    put(fast_chair, row_id=row.id, seen=1, grade=3, note="Paused")
    with fast_chair.database.read() as session:
        assert [alert.facts for alert in session.scalars(select(Alert))] == [{"term": "Nausea", "grade": 3}]


def test_an_event_that_was_charted_too_high_takes_its_alert_back_and_a_struck_one_too(
    fast_chair: Chair,
) -> None:
    lowered, struck = put(fast_chair, grade=3), put(fast_chair, key="event-02", grade=4)
    put(fast_chair, row_id=lowered.id, seen=1, grade=1)
    with fast_chair.database.write() as session:
        entered = Entered(RowKind.EVENT, {}, "", struck.id, 1)
        strike_row(session, fast_chair.ben, NOW, fast_chair.infusion_id, entered, "Of another patient")
        assert open_alerts(session) == []


def test_the_clinic_says_from_which_grade_on_an_event_waits_for_somebody(fast_chair: Chair) -> None:
    with fast_chair.database.write() as session:
        session.add(AlertRule(kind=AlertKind.ADVERSE_EVENT, for_nurses=True, at_least=2))
    put(fast_chair, grade=1)
    put(fast_chair, key="event-02", grade=2)
    with fast_chair.database.read() as session:
        assert [alert.detail for alert in open_alerts(session)] == ["Nausea, grade 2."]


def test_what_was_struck_out_stays_readable_with_its_reason(fast_chair: Chair) -> None:
    row = put(fast_chair)
    entered = Entered(RowKind.EVENT, {}, "", row.id, 1)
    for _ in range(2):
        with fast_chair.database.write() as session:
            strike_row(session, fast_chair.ben, NOW, fast_chair.infusion_id, entered, "Of another patient")
    (line,) = shown(fast_chair).rows["events"]
    assert (line.words["term"], line.struck_reason) == ("Nausea", "Of another patient")


def test_the_pump_cannot_go_on_before_it_stood_still(fast_chair: Chair) -> None:
    values = {"from_at": ago(5), "to_at": ago(6), "why": "Line blocked"}
    entered = Entered(RowKind.PAUSE, values, "pause-01")
    with pytest.raises(RuleError, match="before it stood still"), fast_chair.database.write() as session:
        put_row(session, fast_chair.ben, NOW, fast_chair.infusion_id, entered)
