"""An invitation by mail: what calendar programs look for, where they look for it, for one person."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import ics as other_ics
import pytest
import vobject

from scheduler.rendering import ics, mail, text
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import EventFacts, Locale
from tests.rendering.facts import CLINIC, event, visit

CLOCK_CHANGES = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),  # by half an hour
    ("Australia/Lord_Howe", "2026-10-04"),
]
"""The days on which the clocks of a zone change, both ways."""

KHAL = """[calendars]
[[all]]
path = {path}/entries
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdateformat = %Y-%m-%d
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = {tz}
default_timezone = {tz}
[sqlite]
path = {path}/khal.db
"""
START = datetime(2026, 5, 4, 8, tzinfo=UTC)


def invite(
    facts: EventFacts | None = None, method: ics.Method = "REQUEST", to: str = "ines@mail.example"
) -> bytes:
    return ics.invitation(facts or event(START), to, method, Locale(), "en")


def mailed(content: bytes, method: str = "REQUEST") -> bytes:
    words = text.reminder(visit(START), CLINIC, Locale(), "en")
    part = mail.CalendarPart(method, content)
    return mail.compose(words, CLINIC, "ines@mail.example", "<ab12@x.example>", START, "en", part)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
@pytest.mark.parametrize(("tz", "day"), CLOCK_CHANGES)
def test_two_other_parsers_read_the_wall_time_around_a_clock_change(
    method: ics.Method, tz: str, day: str
) -> None:
    zone = ZoneInfo(tz)
    first = datetime.fromisoformat(f"{day}T09:30").replace(tzinfo=zone) - timedelta(days=1)
    for wall in (first + timedelta(days=after) for after in range(3)):  # wall time: the zone's own days
        start = wall.astimezone(UTC)
        made = invite(replace(event(start, tz=tz), sequence=3), method).decode()
        assert "BEGIN:VTIMEZONE" not in made
        vobject_event = vobject.readOne(made).vevent
        ics_event = next(iter(other_ics.Calendar(made).events))
        starts = [vobject_event.dtstart.value, ics_event.begin.datetime]
        ends = [vobject_event.dtend.value, ics_event.end.datetime]
        assert [found.astimezone(zone).isoformat() for found in starts] == [wall.isoformat()] * 2
        assert [found - start for found in ends] == [timedelta(hours=2)] * 2
        assert (vobject_event.sequence.value, ics_event.uid) == ("3", vobject_event.uid.value)
        assert f"{wall.day} {wall:%B} 2026\\, {wall:%H:%M} (" in made.replace("\r\n ", "")


def test_a_calendar_program_keeps_one_entry_at_the_time_of_the_last_update(tmp_path: Path) -> None:
    tz = "America/New_York"
    before = datetime(2026, 10, 31, 9, 30, tzinfo=ZoneInfo(tz))  # the day before the clocks go back
    after = before + timedelta(days=2, hours=1)
    (tmp_path / "entries").mkdir()
    (tmp_path / "khal.conf").write_text(KHAL.format(path=tmp_path, tz=tz), encoding="utf-8")
    for sequence, wall in enumerate((before, after)):
        file = tmp_path / f"{sequence}.ics"
        file.write_bytes(invite(replace(event(wall.astimezone(UTC), tz=tz), sequence=sequence)))
        khal(tmp_path, "import", "--batch", str(file))
    shown = khal(tmp_path, "list", "--format", "{start} {end} {title}", "--day-format", "",
                 f"{before:%Y-%m-%d}", "5d")  # fmt: skip
    assert shown.split("\n") == [
        f"{after:%Y-%m-%d %H:%M} {after:%Y-%m-%d} {after.hour + 2}:30 Appointment",
        "",
    ]


def khal(folder: Path, *words: str) -> str:
    """What khal, a calendar program, prints; it reads our file into a calendar of its own."""
    # PYTHONPATH is left out: the program must not find this checkout instead of its own modules.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder))
    command = [str(Path(sys.executable).with_name("khal")), "-c", str(folder / "khal.conf"), *words]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=folder, env={**environment, **homes}
    )
    return done.stdout


def test_it_invites_one_person_and_asks_for_an_answer() -> None:
    calendar = vobject.readOne(invite().decode())
    found = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert len(calendar.vevent_list) == 1
    assert len(found.contents["attendee"]) == 1
    assert found.attendee.value == "mailto:ines@mail.example"
    assert {name: value[0] for name, value in found.attendee.params.items()} == {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert found.organizer.value == "mailto:desk@riverside.example"
    assert found.status.value == "CONFIRMED"
    assert "valarm" not in found.contents


def test_a_cancellation_names_the_same_entry_with_its_time_and_people() -> None:
    asked, off = vobject.readOne(invite().decode()), vobject.readOne(invite(method="CANCEL").decode())
    assert (off.method.value, off.vevent.status.value) == ("CANCEL", "CANCELLED")
    for name in ("uid", "organizer", "attendee", "dtstart"):
        assert getattr(off.vevent, name).value == getattr(asked.vevent, name).value


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_mail_carries_it_beside_the_bodies_and_as_a_file(method: ics.Method) -> None:
    content = invite(method=method)
    parsed = message_from_bytes(mailed(content, method), policy=policy.SMTP)
    assert isinstance(parsed, EmailMessage)
    alternative, file = parsed.iter_parts()
    assert parsed.get_content_type() == "multipart/mixed"
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternative.iter_parts())[-1]
    assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": method}
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert f"METHOD:{method}".encode() in content
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert calendar.get_payload(decode=True) == file.get_payload(decode=True) == content


def test_the_same_revision_is_the_same_mail() -> None:
    assert mailed(invite()) == mailed(invite())


def test_nothing_in_it_tells_what_the_clinic_treats() -> None:
    assert find_banned(invite().decode().replace("\r\n ", "")) == []


@pytest.mark.parametrize("to", ["a@x.example, b@x.example", "a@x.example\r\nATTENDEE:b", "a\x00@x.example"])
def test_only_one_clean_address_is_invited(to: str) -> None:
    with pytest.raises(RenderError):
        invite(to=to)
