"""An invitation by mail: what calendar programs look for, where they look for it, for one person."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import ics as other_ics
import pytest
import vobject

from scheduler.rendering import ics, mail, text
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import EventFacts, Locale
from tests.rendering.facts import CLINIC, event, visit

BERLIN = ZoneInfo("Europe/Berlin")
CLOCK_CHANGES = [datetime(2026, 3, 28, 9, 30, tzinfo=BERLIN), datetime(2026, 10, 24, 9, 30, tzinfo=BERLIN)]
START = datetime(2026, 5, 4, 8, tzinfo=UTC)


def invite(
    facts: EventFacts | None = None, method: ics.Method = "REQUEST", to: str = "ines@mail.example"
) -> bytes:
    return ics.invitation(facts or event(START), to, method, Locale(), "en")


def mailed(content: bytes, method: str = "REQUEST") -> bytes:
    words = text.reminder(visit(START), CLINIC, Locale(), "en")
    part = mail.CalendarPart(method, content)
    return mail.compose(words, CLINIC, "ines@mail.example", "<ab12@x.example>", START, "en", part)


@pytest.mark.parametrize("day", CLOCK_CHANGES)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_two_other_parsers_read_the_wall_time_around_a_clock_change(day: datetime, after: int) -> None:
    start = (day + timedelta(days=after)).astimezone(UTC)
    made = invite(event(start)).decode()
    read = [
        vobject.readOne(made).vevent.dtstart.value,
        next(iter(other_ics.Calendar(made).events)).begin.datetime,
    ]
    assert [found.astimezone(BERLIN).replace(tzinfo=None) for found in read] == [
        (day + timedelta(days=after)).replace(tzinfo=None)
    ] * 2
    assert f"{start.astimezone(BERLIN):%H:%M} ({start.astimezone(BERLIN):%Z})" in made


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
