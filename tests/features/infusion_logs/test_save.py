"""Saving parts of a log: two people at once, late tablets, values that do not fit each other."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from scheduler.errors import RuleError
from scheduler.features.infusion_logs.actions.vitals import answer_hold
from scheduler.features.infusion_logs.problems import Problem, Trouble
from scheduler.features.infusion_logs.queries.chart import chart_of
from scheduler.models import (
    ChartRules,
    Infusion,
    InfusionLog,
    InfusionLogSave,
    InfusionStatus,
    LogStatus,
    Site,
    VitalSigns,
)
from tests.features.infusion_logs.conftest import Chair
from tests.support.clinic import NOW, TODAY
from tests.support.visits import add_six


def log_of(chair: Chair) -> InfusionLog:
    with chair.database.read() as session:
        return session.scalars(select(InfusionLog).order_by(InfusionLog.id)).one()


def test_two_people_in_one_part_keep_each_others_fields(chair: Chair) -> None:
    assert chair.save("dose", lot="K1", drug="") == []
    assert chair.save("dose", 0, actor=chair.ada, drug="Ketamine", lot="") == []
    log = log_of(chair)
    assert (log.lot, log.drug) == ("K1", "Ketamine")


def test_the_second_of_two_who_change_one_field_sees_both_values_and_who_it_was(chair: Chair) -> None:
    chair.save("dose", dose_ug="35")
    chair.save("dose", 1, actor=chair.ada, dose_ug="30", lot="K1")
    (problem,) = chair.save("dose", 1, dose_ug="40", drug="Ketamine")
    assert problem.trouble is Trouble.CLASH
    assert problem.sentence.startswith("Given: Clinician changed it at 10:00 to “30”. You wrote “40”.")
    log = log_of(chair)
    assert (log.dose_ug, log.drug) == (30_000, "Ketamine")
    assert chair.save("dose", 3, dose_ug="40") == []
    assert log_of(chair).dose_ug == 40_000


def test_a_save_that_is_sent_again_changes_nothing(chair: Chair) -> None:
    for _ in range(3):
        assert chair.save("dose", 0, drug="Ketamine", lot="K1", weight_g="70") == []
    with chair.database.read() as session:
        assert session.scalars(select(InfusionLogSave.version)).all() == [1]


def test_what_was_saved_before_is_never_changed(chair: Chair) -> None:
    chair.save("notes", notes="Slept well")
    chair.measure("row-0001", sbp=120, dbp=80)
    for change in (
        update(InfusionLogSave).values(version=9),
        delete(VitalSigns),
        update(VitalSigns).values(sbp=90),
    ):
        with pytest.raises(IntegrityError, match="append_only"), chair.database.write() as session:
            session.execute(change)


def test_the_dose_that_was_worked_out_is_kept_as_given_once_the_infusion_starts(fast_chair: Chair) -> None:
    fast_chair.save("dose", weight_g="70", dose_ug_per_kg="0,5", minutes="40")
    assert log_of(fast_chair).dose_ug is None
    fast_chair.save("times", started_at="09:50")
    assert (log_of(fast_chair).dose_ug, log_of(fast_chair).rate_ug_per_h) == (35_000, 52_500)


def test_a_weight_that_no_longer_fits_the_dose_given_is_asked_about(fast_chair: Chair) -> None:
    fast_chair.save("dose", weight_g="70", dose_ug_per_kg="0.5", minutes="40", dose_ug="35")
    (problem,) = fast_chair.save("dose", 1, weight_g="80")
    assert problem.trouble is Trouble.ASK
    assert problem.sentence == "35 mg charted is 12.5 % under 80.0 kg × 0.5 mg/kg = 40 mg."
    assert fast_chair.save("dose", 1, "weight_g=80", weight_g="80") == []
    with fast_chair.database.read() as session:
        assert chart_of(session, fast_chair.infusion_id, NOW).notes == [problem.sentence]


def test_a_weight_far_from_last_time_is_asked_about(fast_chair: Chair) -> None:
    with fast_chair.database.write() as session:
        earlier = add_six(session, fast_chair.clinic, [TODAY - timedelta(days=3)], "09:30", chair=1)[1][0]
        session.add(InfusionLog(infusion_id=earlier.id, begun_at=NOW, rules={}, weight_g=70_000))
    (problem,) = fast_chair.save("dose", weight_g="75")
    assert problem.sentence == "75.0 kg is 7.1 % over the 70.0 kg of 30 Oct."
    assert fast_chair.save("dose", weight_g="72") == []


def test_a_site_that_weighs_in_pounds_writes_and_reads_pounds(fast_chair: Chair) -> None:
    with fast_chair.database.write() as session:
        session.execute(update(Site).values(weight_unit="lb"))
    assert fast_chair.save("dose", weight_g="154.3", dose_ug_per_kg="0.5") == []
    assert log_of(fast_chair).weight_g == 69_989
    with fast_chair.database.read() as session:
        assert chart_of(session, fast_chair.infusion_id, NOW).parts["dose"].texts["weight_g"] == "154.3"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"started_at": "10:01"}, "10:01 is still to come"),
        ({"stopped_at": "09:40", "started_at": "09:50"}, "can't have stopped before that"),
        ({"started_at": "9 o'clock"}, "hours and minutes"),
        ({"started_at": "٠٩:٣٠"}, "hours and minutes"),
        ({"cadss": "25"}, "outside 0 to 24"),
        ({"cadss": "3.5"}, "whole number"),
    ],
)
def test_what_cannot_be_is_refused(fast_chair: Chair, fields: dict[str, str], said: str) -> None:
    problems = fast_chair.save("times", **fields)
    assert [problem.trouble for problem in problems] == [Trouble.REFUSED]
    assert said in problems[0].sentence


def test_nothing_starts_above_the_limit_until_somebody_says_what_was_done(fast_chair: Chair) -> None:
    row = fast_chair.measure("row-0001", taken_at=NOW - timedelta(minutes=10), sbp=168, dbp=92)
    (problem,) = fast_chair.save("times", started_at="09:55")
    assert "168/92, is above the clinic's limit" in problem.sentence
    with fast_chair.database.write() as session:
        answer_hold(session, fast_chair.ben, NOW, fast_chair.infusion_id, row.id, "done-0001", ["waited"], "")
    assert fast_chair.save("times", started_at="09:55") == []


def test_the_clinics_own_limit_counts(fast_chair: Chair) -> None:
    limits = {"start_dbp": 90, "act_sbp": 170, "act_dbp": 100, "during_minutes": 5, "after_minutes": 10}
    with fast_chair.database.write() as session:
        session.add(ChartRules(site_id=1, protocol_id=None, start_sbp=150, **limits))
        session.add(ChartRules(site_id=1, protocol_id=1, start_sbp=140, **limits))
    fast_chair.measure("row-0001", sbp=145, dbp=80)
    assert fast_chair.save("times", started_at="10:00") != []


def test_a_start_in_the_hour_that_happens_twice_is_asked_about_and_kept(fast_chair: Chair) -> None:
    night = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
    with fast_chair.database.write() as session:
        session.execute(update(Infusion).values(local_day=TODAY - timedelta(days=1), starts_at=night))
    (problem,) = fast_chair.save("times", at=night, started_at="01:30")
    assert "happened twice" in problem.sentence
    assert fast_chair.save("times", at=night, started_at="01:30 second", stopped_at="02:10") == []
    log = log_of(fast_chair)
    assert log.started_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    with fast_chair.database.read() as session:
        chart = chart_of(session, fast_chair.infusion_id, night)
    assert chart.parts["times"].texts["started_at"] == "01:30 second"
    assert [chart.place.said(line.at) for line in chart.grid][:2] == ["01:40 EST", "01:50 EST"]


def test_only_a_clinician_lets_a_patient_go_against_the_list(fast_chair: Chair) -> None:
    refused = fast_chair.save("escort", leave_reason="Insists on going")
    assert refused == [Problem("leave_reason", Trouble.REFUSED, refused[0].sentence, "Insists on going")]
    assert (
        fast_chair.save("escort", actor=fast_chair.ada, clinician=True, leave_reason="Insists on going") == []
    )


def test_an_escort_who_does_not_come_asks_what_was_done(fast_chair: Chair) -> None:
    fast_chair.save("escort", escort_came="no")
    with fast_chair.database.read() as session:
        words = [each.words for each in chart_of(session, fast_chair.infusion_id, NOW).missing]
    assert "The escort did not come: what was done is missing." in words
    assert not any("name of the escort" in each for each in words)


@pytest.mark.parametrize("status", [InfusionStatus.MISSED, InfusionStatus.CANCELLED])
def test_a_visit_that_did_not_take_place_has_no_log(fast_chair: Chair, status: InfusionStatus) -> None:
    with fast_chair.database.write() as session:
        session.execute(update(Infusion).values(status=status))
    with pytest.raises(RuleError, match="did not take place"):
        fast_chair.save("notes", notes="x")


def test_a_signed_log_takes_nothing_more(fast_chair: Chair) -> None:
    fast_chair.save("notes", notes="Slept well")
    with fast_chair.database.write() as session:
        session.execute(update(InfusionLog).values(status=LogStatus.SIGNED, completed_at=NOW))
    with pytest.raises(RuleError, match="addendum"):
        fast_chair.save("notes", 1, notes="Slept badly")
