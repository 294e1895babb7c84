"""Planning files: what they mean, and one clear line for one that breaks the format."""

import copy
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.planning import (
    Chair,
    Closure,
    FormatError,
    Phase,
    Preference,
    Weights,
    answer_json,
    explain,
    plan,
    read_clinic,
    read_request,
)

SAMPLES = Path(__file__).with_name("samples")

CLINIC: dict[str, Any] = {
    "tz": "Europe/Berlin",
    "slot_min": 10,
    "start_step_min": 20,
    "horizon_start": "2026-10-12",
    "horizon_days": 14,
    "soft_load_pct": 80,
    "session_types": {
        "visit": {"phases": [{"name": "all", "minutes": 60, "nurse_load": 12, "clinician": True}]}
    },
    "sites": [
        {"id": "A", "hours": {"0": [["08:00", "12:00"]]}, "chairs": [{"id": "A1", "type": "chair"}]},
        {"id": "B", "hours": {}, "chairs": [{"id": "B1", "type": "bed"}]},
    ],
    "holidays": ["2026-10-13"],
    "closures": [{"chair": "A1", "from": "2026-10-14T08:00", "to": "2026-10-14T10:00Z", "reason": "repairs"}],
    "nurse_shifts": [
        {
            "nurse": "n",
            "site": "A",
            "date": "2026-10-12",
            "from": "08:00",
            "to": "24:00",
            "breaks": [["09:00", "09:30"]],
        }
    ],
    "clinician_presence": [{"site": "A", "date": "2026-10-12", "from": "08:00", "to": "12:00"}],
    "bookings": [{"id": "b", "site": "A", "chair": "A1", "type": "visit", "start": "2026-10-12T08:00:00Z"}],
}
REQUEST: dict[str, Any] = {
    "id": "q",
    "sites": ["A"],
    "chair_type": None,
    "protocol": {
        "n": 1,
        "types": ["visit"],
        "gap_min": 1,
        "gap_max": 2,
        "gap_target": 1,
        "span_min": 1,
        "span_max": 1,
        "recovery_gap_max": 3,
        "recovery_span_max": 9,
    },
    "first_day_min": "2026-10-12",
    "first_day_max": "2026-10-13",
    "availability": {
        "weekly": {"0": [["07:00", "13:00"]]},
        "blackouts": [{"from": "2026-10-13T00:00", "to": "2026-10-14T00:00"}],
    },
    "preference": {"window": ["09:05", "10:00"], "avoid_weekdays": [0]},
    "weights": {"gap": 7},
}


def _changed(whole: dict[str, Any], path: list[Any], value: Any) -> str:
    """The file with one value put in, or taken out where it is `...`."""
    whole = copy.deepcopy(whole)
    inner: Any = whole
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(whole)


def test_a_clinic_file_becomes_a_clinic() -> None:
    clinic, bookings = read_clinic(json.dumps(CLINIC))
    assert clinic.step == 20
    assert clinic.horizon_start == date(2026, 10, 12)
    assert clinic.kind("visit").phases == (Phase("all", 60, 12, clinician=True),)
    assert clinic.sites[0].hours == {0: ((480, 720),)}
    assert [chair for _, chair in clinic.chairs] == [Chair("A1", "chair"), Chair("B1", "bed")]
    assert clinic.closures == (
        Closure(datetime(2026, 10, 14, 8), datetime(2026, 10, 14, 12), chair="A1", reason="repairs"),  # noqa: DTZ001
    )
    assert (clinic.nurse_shifts[0].end, clinic.nurse_shifts[0].breaks) == (1440, ((540, 570),))
    assert [column.tolist() for column in bookings.columns] == [
        [0], [0], [date(2026, 10, 12).toordinal()], [60], [0],
    ]  # fmt: skip


def test_what_may_be_left_out_of_a_clinic_has_its_default() -> None:
    whole = {
        k: v for k, v in CLINIC.items() if k not in ("start_step_min", "holidays", "closures", "bookings")
    }
    clinic, bookings = read_clinic(json.dumps(whole))
    assert clinic.step == 10
    assert len(bookings) == 0
    assert clinic.sites[0].turnover_slots == 0


def test_a_request_file_becomes_a_request() -> None:
    clinic, _ = read_clinic(json.dumps(CLINIC))
    request = read_request(json.dumps(REQUEST), clinic)
    assert request.preference == Preference((545, 600), frozenset({0}))
    assert request.weights == Weights(gap=7)
    assert request.protocol.recovery_span_max == 9
    assert request.availability.weekly == {0: ((420, 780),)}
    assert request.availability.blackouts[0].end == datetime(2026, 10, 14)  # noqa: DTZ001
    plain = {k: v for k, v in REQUEST.items() if k not in ("preference", "weights", "chair_type")}
    assert read_request(json.dumps(plain), clinic).preference == Preference()


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            ["tz"],
            "Europe/Nowhere",
            'clinic.tz: a time zone such as Europe/Berlin is needed, not "Europe/Nowhere"',
        ),
        (["tz"], "../../etc/passwd", "clinic.tz: a time zone"),
        (["tz"], ..., "clinic.tz: this field is missing"),
        (["slot_min"], 7, "clinic.slot_min: a number of minutes that divides the day is needed, not 7"),
        (["slot_min"], "10", 'clinic.slot_min: a whole number from 1 to 240 is needed, not "10"'),
        (["slot_min"], True, "clinic.slot_min: a whole number from 1 to 240 is needed, not true"),
        (["horizon_start"], "2026-02-30", "clinic.horizon_start: a date such as 2026-10-12"),
        (["horizon_start"], "20261012", "clinic.horizon_start: a date such as 2026-10-12"),
        (["horizon_start"], "9999-12-30", "clinic.horizon_start: a date such as 2026-10-12"),
        (["horizon_days"], 0, "clinic.horizon_days: a whole number from 1 to 3660 is needed, not 0"),
        (["session_types"], {}, "clinic.session_types: at least one kind of visit is needed"),
        (["session_types", "visit", "phases"], [], "clinic.session_types.visit.phases: a list of phases"),
        (
            ["session_types", "visit", "phases", 0, "minutes"],
            65,
            "clinic.session_types.visit.phases[0].minutes: a multiple of 10 minutes is needed, not 65",
        ),
        (
            ["session_types", "visit", "phases", 0, "nurse_load"],
            13,
            "clinic.session_types.visit.phases[0].nurse_load: a whole number from 0 to 12 is needed, not 13",
        ),
        (
            ["session_types", "visit", "phases", 0, "clinician"],
            1,
            "phases[0].clinician: true or false is needed",
        ),
        (["sites"], [], "clinic.sites: at least one site is needed"),
        (["sites", 1, "id"], "A", "clinic.sites[1].id: an id that no other site has is needed"),
        (
            ["sites", 1, "chairs", 0, "id"],
            "A1",
            "clinic.sites[1].chairs[0].id: an id that no other chair has",
        ),
        (["sites", 0, "hours"], {"7": []}, "clinic.sites[0].hours: a weekday from"),
        (
            ["sites", 0, "hours", "0", 0],
            ["12:00", "08:00"],
            "clinic.sites[0].hours.0[0]: a start before its end",
        ),
        (["sites", 0, "hours", "0", 0], ["08:00"], "clinic.sites[0].hours.0[0]: a list of two times"),
        (
            ["sites", 0, "hours", "0", 0, 0],
            "08:05",
            "clinic.sites[0].hours.0[0][0]: a multiple of 10 minutes",
        ),
        (["sites", 0, "hours", "0", 0, 1], "24:10", "clinic.sites[0].hours.0[0][1]: a time such as 09:30"),
        (["sites", 0, "hours", "0", 0, 1], 12, "clinic.sites[0].hours.0[0][1]: a time such as 09:30"),
        (["holidays", 0], "soon", "clinic.holidays[0]: a date"),
        (["closures", 0, "chair"], "Z9", "clinic.closures[0].chair: a chair of this clinic is needed"),
        (
            ["closures", 0, "to"],
            "2026-10-14T07:00",
            "clinic.closures[0]: a closure that starts before it ends",
        ),
        (["closures", 0, "to"], "tomorrow", "clinic.closures[0].to: a date-time such as"),
        (["nurse_shifts", 0, "site"], "Z", "clinic.nurse_shifts[0].site: a site of this clinic is needed"),
        (["nurse_shifts", 0, "to"], "07:00", "clinic.nurse_shifts[0]: a start before its end"),
        (
            ["nurse_shifts", 0, "breaks", 0, 0],
            "07:00",
            "clinic.nurse_shifts[0].breaks: a list of breaks inside",
        ),
        (
            ["nurse_shifts"],
            [CLINIC["nurse_shifts"][0]] * 2,
            "clinic.nurse_shifts[1]: a shift that does not overlap",
        ),
        (["clinician_presence", 0, "date"], None, "clinic.clinician_presence[0].date: a date"),
        (["bookings", 0, "chair"], "B1", "clinic.bookings[0].chair: a chair of the booking's site is needed"),
        (
            ["bookings", 0, "type"],
            "other",
            "clinic.bookings[0].type: a kind of visit of this clinic is needed",
        ),
        (
            ["bookings", 0, "start"],
            "2026-10-12T08:00",
            "clinic.bookings[0].start: a date-time with Z or an offset",
        ),
        (
            ["bookings", 0, "start"],
            "2026-10-12T08:05:00Z",
            "clinic.bookings[0].start: a local time that is a",
        ),
        (["bookings", 0, "start"], "2026-10-12T21:30:00Z", "clinic.bookings[0].start: a visit that ends by"),
        (["bookings"], {}, "clinic.bookings: a list is needed, not {}"),
    ],
)
def test_a_broken_clinic_file_names_the_field(path: list[Any], value: Any, line: str) -> None:
    with pytest.raises(FormatError) as error:
        read_clinic(_changed(CLINIC, path, value))
    assert line in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (["sites"], [], "request.sites: a list of different sites is needed, not []"),
        (["sites"], ["A", "A"], "request.sites: a list of different sites"),
        (["sites", 0], "Z", 'request.sites[0]: a site of this clinic is needed, not "Z"'),
        (["protocol", "n"], 2, "request.protocol.types: a list of 2 kinds of visit is needed"),
        (["protocol", "n"], 1.0, "request.protocol.n: a whole number from 1 to 60 is needed, not 1.0"),
        (["protocol", "types", 0], "other", "request.protocol.types[0]: a kind of visit of this clinic"),
        (
            ["protocol", "gap_min"],
            "two",
            'request.protocol.gap_min: a whole number from 1 to 1000 is needed, not "two"',
        ),
        (["protocol", "gap_min"], 0, "request.protocol.gap_min: a whole number from 1"),
        (
            ["protocol", "gap_min"],
            3,
            "request.protocol.gap_max: a number of days not below gap_min is needed",
        ),
        (["protocol", "span_min"], 2, "request.protocol.span_max: a number of days not below span_min"),
        (["protocol"], ..., "request.protocol: this field is missing"),
        (["first_day_max"], "2026-10-11", "request.first_day_max: a day not before first_day_min is needed"),
        (
            ["first_day_max"],
            "2036-10-11",
            "request.first_day_max: a day at most 1000 days after first_day_min",
        ),
        (
            ["availability", "weekly", "0", 0],
            ["09:00"],
            "request.availability.weekly.0[0]: a list of two times",
        ),
        (
            ["availability", "blackouts", 0, "to"],
            "2026-10-12T00:00",
            "request.availability.blackouts[0]: a blackout",
        ),
        (["preference", "window"], ["10:00", "09:00"], "request.preference.window: a list of two times"),
        (
            ["preference", "avoid_weekdays"],
            [7],
            "request.preference.avoid_weekdays[0]: a whole number from 0 to 6",
        ),
        (["weights", "gap"], -1, "request.weights.gap: a whole number from 0 to 1000000 is needed, not -1"),
        (["chair_type"], 5, "request.chair_type: a text is needed, not 5"),
    ],
)
def test_a_broken_request_file_names_the_field(path: list[Any], value: Any, line: str) -> None:
    clinic, _ = read_clinic(json.dumps(CLINIC))
    with pytest.raises(FormatError) as error:
        read_request(_changed(REQUEST, path, value), clinic)
    assert line in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "clinic: this is not JSON"),
        ("", "clinic: this is not JSON"),
        ('{"slot_min": NaN}', "clinic: this is not JSON (NaN is not a JSON number)"),
        ("[1]", "clinic: an object is needed, not [1]"),
        ("[" * 100_000, "clinic: this is nested too deeply"),
    ],
)
def test_a_file_that_is_no_json_object_is_told_in_one_line(text: str, line: str) -> None:
    with pytest.raises(FormatError) as error:
        read_clinic(text)
    assert line in str(error.value)
    assert "\n" not in str(error.value)


def test_a_long_value_is_shown_in_part() -> None:
    with pytest.raises(FormatError) as error:
        read_clinic(_changed(CLINIC, ["tz"], "x" * 500))
    assert len(str(error.value)) < 130


def test_a_plan_is_written_with_the_offset_of_each_date() -> None:
    clinic, bookings = read_clinic((SAMPLES / "clinic3.json").read_text())
    found = plan(clinic, bookings, read_request((SAMPLES / "clinic3_req0.json").read_text(), clinic))
    assert found is not None
    answer = answer_json(found, [found])
    assert (answer["status"], answer["objective"]) == ("ok", 530)
    assert [session["k"] for session in answer["sessions"]] == [1, 2, 3, 4, 5, 6]
    assert [session["start"][-6:] for session in answer["sessions"]] == ["-04:00"] * 4 + ["-05:00"] * 2
    assert answer["alternatives"] == [{"objective": 530, "sessions": answer["sessions"]}]


def test_no_plan_is_written_with_its_explanation() -> None:
    clinic, bookings = read_clinic((SAMPLES / "clinic3.json").read_text())
    request = read_request((SAMPLES / "clinic3_req2.json").read_text(), clinic)
    answer = answer_json(None, None, explain(clinic, bookings, request))
    assert answer == {
        "status": "infeasible",
        "explanation": {
            "sites": {"A": {"session": 4, "days": ["2026-11-07", "2026-11-08", "2026-11-09"]}},
            "relaxations": [{"name": "patient any time", "objective": 601}],
        },
    }
