"""Where a course left its protocol: counted in days at the clinic, with the reasons known already."""

from datetime import UTC, datetime, timedelta
from typing import Any

from scheduler.features.infusion_logs.fields import FIELDS
from scheduler.features.infusion_logs.rules import Rules, as_kept
from scheduler.features.review.deviations import deviations_of
from scheduler.rendering.canonical import plain

FIRST = datetime(2026, 10, 5, 14, tzinfo=UTC)
PHASES = [
    {"name": "Preparation", "minutes": 20, "clinician_present": False},
    {"name": "Infusion", "minutes": 40, "clinician_present": True},
    {"name": "Recovery", "minutes": 60, "clinician_present": False},
]
PROTOCOL = {
    "infusions": 3, "gap_min": 2, "gap_max": 3, "span_min": 5, "span_max": 7, "recovery_gap_max": 5,
    "phases": PHASES,
}  # fmt: skip
COURSE = {"status": "completed", "status_reason": None, "bend": None, "bend_reason": None, "entered": False}


def log(at: datetime, **values: Any) -> dict[str, Any]:
    """A log with every reading that is due."""
    taken = [at + timedelta(minutes=minutes) for minutes in (10, 20, 30, 40, 55, 70, 85, 100)]
    return {
        **{field.name: None for field in FIELDS},
        "rules": as_kept(Rules()),
        "weight_g": 70_000,
        "dose_ug_per_kg": 500,
        "dose_ug": 35_000,
        "minutes": 40,
        "started_at": plain(at),
        "stopped_at": plain(at + timedelta(minutes=40)),
        "left_at": plain(at + timedelta(minutes=100)),
        "vitals": [
            {"id": one, "taken_at": plain(moment), "replaces_id": None, "withdrawn": False}
            for one, moment in enumerate(taken)
        ],
        "checks": [],
        **values,
    }


def visit(number: int, day: int, status: str = "completed", **log_values: Any) -> dict[str, Any]:
    """A visit so many days after the first."""
    at = FIRST + timedelta(days=day)
    done = status == "completed"
    return {
        "id": 10 + number + (0 if done else 50), "number": number, "day": at.date().isoformat(),
        "status": status, "status_reason": None if done else "flu", "starts_at": plain(at),
        "stopped_early": False, "counts": None, "log": log(at, **log_values) if done else None,
    }  # fmt: skip


def said(
    visits: list[dict[str, Any]], overrides: list[Any] | None = None, **course: Any
) -> list[tuple[Any, ...]]:
    """Key, what was, and the known reason of each departure."""
    facts = {
        "visits": visits, "protocol": PROTOCOL, "course": {**COURSE, **course}, "overrides": overrides or [],
    }  # fmt: skip
    return [(one.key, one.was, one.reason) for one in deviations_of(facts)]


def test_a_course_that_kept_to_its_protocol_has_no_deviation() -> None:
    assert said([visit(1, 0), visit(2, 2), visit(3, 5)]) == []


def test_a_gap_is_told_with_the_reason_of_whoever_set_the_rule_aside() -> None:
    course = [visit(1, 0), visit(2, 2), visit(3, 6)]
    assert said(course) == [("gap:13", "4 days", "")]
    one = {
        "rules": ["R10"],
        "reason": "Travelling.",
        "by": {"name": "Dr Marsh"},
        "at": "2026-10-07T12:00:00Z",
    }
    assert said(course, [{**one, "visits": [13]}]) == [
        ("gap:13", "4 days", "Travelling. Dr Marsh, 2026-10-07")
    ]
    assert said(course, [{**one, "visits": [12]}]) == [("gap:13", "4 days", "")]
    bent = said(course, bend="gap_max+1", bend_reason="Lives far")
    assert bent == [("gap:13", "4 days", "Lives far"), ("bend", "gap_max+1", "Lives far")]


def test_a_missed_visit_explains_a_gap_that_a_recovery_may_have_and_no_longer_one() -> None:
    def lost(day: int) -> list[tuple[Any, ...]]:
        return said([visit(1, 0), visit(2, 2), visit(3, 4, "missed"), visit(3, day)])

    assert lost(7)[0] == ("gap:13", "5 days", "No. 3 on 2026-10-09 was missed: flu")
    assert lost(8)[0] == ("gap:13", "6 days", "")


def test_span_and_number_of_infusions_are_told_of_the_course() -> None:
    assert said([visit(1, 0), visit(2, 3), visit(3, 6)]) == []
    assert ("span", "9 days", "") in said([visit(1, 0), visit(2, 3), visit(3, 8)])
    broken: dict[str, Any] = {"status": "discontinued", "status_reason": "moved away"}
    assert said([visit(1, 0), visit(2, 2)], **broken) == [("infusions", "2 counted", "moved away")]


def test_readings_nobody_took_and_a_dose_that_does_not_fit_the_weight_are_told() -> None:
    full = log(FIRST)["vitals"]
    lacking = [row for row in full if row["id"] not in (1, 5)]
    course = [visit(1, 0, vitals=lacking), visit(2, 2, dose_ug=28_000), visit(3, 5)]
    (vitals, dose) = said(course)
    assert vitals == ("vitals:11", "None at 20 min, 30 min after", "")
    assert dose[0] == "dose:12:0"
    assert "28 mg charted is 20 % under" in dose[1]


def test_an_escort_who_did_not_come_and_a_check_that_failed_bring_their_own_reasons() -> None:
    failed: dict[str, Any] = {
        "checks": [{"id": "u1", "words": "Walks", "answer": "no"}],
        "leave_reason": "Wheelchair since 2019",
    }
    alone: dict[str, Any] = {"escort_came": "no", "escort_absent_note": "Dr Marsh: by taxi with a nurse"}
    assert said([visit(1, 0, **failed), visit(2, 2, **alone), visit(3, 5)]) == [
        ("discharge:11", "One was answered with no", "Wheelchair since 2019"),
        ("escort:12", "The escort did not come", "Dr Marsh: by taxi with a nurse"),
    ]
