"""A calendar file, read back by two parsers that did not write it."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering import ics
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import EventFacts, Locale, VisitFacts
from tests.rendering.facts import VISITS, event, visit

BERLIN = ZoneInfo("Europe/Berlin")
KHAL = """[calendars]
[[all]]
path = {path}
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdateformat = %Y-%m-%d
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
[sqlite]
path = {path}/khal.db
"""


def over_a_clock_change(month: int, first: int) -> list[datetime]:
    """Six visits at 09:30 in Berlin, every second day around a clock change."""
    start = datetime(2026, month, first, 9, 30, tzinfo=BERLIN)
    return [(start + timedelta(days=2 * number)).astimezone(UTC) for number in range(6)]


def file_of(starts: list[datetime]) -> bytes:
    events = [event(start, f"visit{number}@sixfold") for number, start in enumerate(starts)]
    return ics.calendar_file(events, "Riverside Clinic", Locale(), "en")


@pytest.mark.parametrize(("month", "first"), [(3, 25), (10, 21)])
def test_six_visits_read_back_at_their_wall_times_over_a_clock_change(month: int, first: int) -> None:
    starts = over_a_clock_change(month, first)
    calendar = vobject.readOne(file_of(starts).decode())
    read = [found.dtstart.value.astimezone(BERLIN) for found in calendar.vevent_list]
    assert read == starts
    assert {(moment.hour, moment.minute) for moment in read} == {(9, 30)}
    assert {found.dtend.value - found.dtstart.value for found in calendar.vevent_list} == {timedelta(hours=2)}


@pytest.mark.parametrize(("month", "first"), [(3, 25), (10, 21)])
def test_a_calendar_program_shows_six_right_entries(tmp_path: Path, month: int, first: int) -> None:
    starts = over_a_clock_change(month, first)
    path, settings_path = tmp_path / "appointments.ics", tmp_path / "khal.conf"
    path.write_bytes(file_of(starts))
    settings_path.write_text(KHAL.format(path=tmp_path))
    # PYTHONPATH is left out: the program must not find this checkout instead of its own modules.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    shown = subprocess.run(
        [
            str(Path(sys.executable).parent / "khal"), "-c", str(settings_path), "printics",
            "--format", "{start-date} {start-time} {end-time} {title}", str(path),
        ],
        capture_output=True, text=True, check=True, env=environment, cwd=tmp_path,
    ).stdout  # fmt: skip
    days = [start.astimezone(BERLIN) for start in starts]
    for day in days:
        assert f"{day:%Y-%m-%d} 09:30 11:30 Appointment" in shown
    assert shown.count("Appointment") == 6


def test_the_file_is_published_with_an_organizer_and_invites_nobody() -> None:
    calendar = vobject.readOne(file_of(over_a_clock_change(3, 25)).decode())
    assert calendar.method.value == "PUBLISH"
    assert calendar.contents["x-wr-calname"][0].value == "Riverside Clinic"
    for found in calendar.vevent_list:
        assert found.organizer.value == "mailto:desk@riverside.example"
        assert "attendee" not in found.contents
        assert "valarm" not in found.contents
    assert len({found.uid.value for found in calendar.vevent_list}) == 6


def test_the_same_revision_gives_the_same_bytes_and_another_one_does_not() -> None:
    start = over_a_clock_change(3, 25)[0]
    first = event(start)
    moved = EventFacts(
        first.uid,
        1,
        start,
        start,
        first.ends_at + timedelta(hours=1),
        first.organizer,
        visit(start + timedelta(hours=1)),
    )
    made = [ics.calendar_file([facts], "Riverside", Locale(), "en") for facts in (first, first, moved)]
    assert made[0] == made[1] != made[2]
    read = vobject.readOne(made[2].decode()).vevent
    assert (read.sequence.value, read.uid.value) == ("1", first.uid)


def test_times_are_written_in_utc_and_told_in_local_time() -> None:
    made = file_of(over_a_clock_change(3, 25)).decode()
    assert "DTSTART:20260325T083000Z" in made and "DTSTART:20260329T073000Z" in made
    assert "VTIMEZONE" not in made and "TZID" not in made
    told = [found.description.value for found in vobject.readOne(made).vevent_list]
    assert told[0].startswith("Wednesday 25 March 2026, 09:30 (CET)\nRiverside, 12 River Street")
    assert told[2].startswith("Sunday 29 March 2026, 09:30 (CEST)\n")
    assert all(text.endswith("Phone: +49 30 1234567") for text in told)


@given(st.lists(VISITS, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_the_names_the_file_reads_back(visits: list[VisitFacts]) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    events = [
        EventFacts(
            f"{number}@sixfold", 0, at, at, seen.starts_at + timedelta(hours=1), "desk@clinic.example", seen
        )
        for number, seen in enumerate(visits)
    ]
    made = ics.calendar_file(events, "Riverside", Locale(), "en")
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    read = {found.uid.value: found for found in vobject.readOne(made.decode()).vevent_list}
    for facts in events:
        found = read[facts.uid]
        assert found.dtstart.value == facts.visit.starts_at.replace(microsecond=0)
        assert found.location.value.strip() == f"{facts.visit.place_name}, {facts.visit.address}".strip()


@pytest.mark.parametrize("broken", ["a\r\nATTENDEE:mailto:x@x.example", "a\nb", "a\x00b"])
def test_a_broken_value_is_refused_instead_of_written(broken: str) -> None:
    start = over_a_clock_change(3, 25)[0]
    with pytest.raises(RenderError):
        ics.calendar_file(
            [EventFacts(broken, 0, start, start, start, "a@b.example", visit(start))], "R", Locale(), "en"
        )
    with pytest.raises(RenderError):
        ics.calendar_file([event(start)], broken, Locale(), "en")


def test_a_download_is_named_by_how_many_it_holds() -> None:
    assert (ics.file_name(1), ics.file_name(6)) == ("appointment.ics", "appointments.ics")
