"""Clinicians' calendars on a real CalDAV server: right after a change and after a week away."""

import random
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import ics
import pytest
import vobject
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.channels.caldav import CalendarServer, CalendarServerError
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.calendars.publishing.choose import checked_calendar, publish, stop_publishing
from scheduler.features.calendars.publishing.plan import Put
from scheduler.features.calendars.publishing.take import LEASE, Done, claim_calendar, record_look, wait
from scheduler.models import Infusion, InfusionStatus, PublishedCalendar, PublishedEvent, User
from scheduler.worker.publish import Publisher, look
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import Clock
from tests.support.radicale import Radicale, running_radicale

MINE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//me//EN
BEGIN:VEVENT
UID:dentist
SUMMARY:Dentist
DTSTAMP:20261101T120000Z
DTSTART:20261103T120000Z
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with running_radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A calendar of the test's own."""
    return f"c{abs(hash(request.node.nodeid))}"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def visits(database: Database, clinic: SmallClinic) -> list[Infusion]:
    with database.write() as session:
        starts = [wall(clinic, f"2026-11-{day:02d} 13:30") for day in (2, 4, 6, 9, 11, 13)]
        return make_course(session, clinic, starts)[1]


@pytest.fixture
def publisher(database: Database, radicale: Radicale, clock: Clock) -> Iterator[Publisher]:
    server = CalendarServer(radicale.url)
    yield Publisher(database, server, "worker-1", clock.now, random.Random(1))
    server.close()


@pytest.fixture
def calendar(
    database: Database, clinic: SmallClinic, visits: list[Infusion], radicale: Radicale, name: str
) -> int:
    """The clinician's calendar, chosen and empty."""
    address = radicale.make_calendar(name)
    with database.write() as session:
        return publish(session, COMMAND, NOW, clinic.users["clinician"].id, address, radicale.url).id


def starts_of(entries: dict[str, str]) -> list[datetime]:
    found = []
    for text in entries.values():
        assert "METHOD" not in text and "Lindqvist" not in text
        assert len(ics.Calendar(text).events) == 1
        found.append(vobject.readOne(text).vevent.dtstart.value)
    return sorted(found)


def change(database: Database, infusion_id: int, **values: object) -> None:
    with database.write() as session:
        row = session.get_one(Infusion, infusion_id)
        for field, value in {"ics_sequence": row.ics_sequence + 1, **values}.items():
            setattr(row, field, value)


def moved(start: datetime) -> dict[str, object]:
    end = start + timedelta(hours=2)
    return {"starts_at": start, "ends_at": end, "chair_until": end}


def state(database: Database, calendar: int) -> PublishedCalendar:
    with database.read() as session:
        return session.get_one(PublishedCalendar, calendar)


@pytest.mark.usefixtures("calendar")
def test_a_published_calendar_follows_every_change_and_leaves_others_entries_alone(
    database: Database,
    publisher: Publisher,
    radicale: Radicale,
    name: str,
    visits: list[Infusion],
    clock: Clock,
) -> None:
    with radicale.http() as other:
        other.put(radicale.address(name) + "dentist.ics", content=MINE).raise_for_status()
    look(publisher)
    ours = {key: text for key, text in radicale.entries(name).items() if key != "dentist.ics"}
    assert starts_of(ours) == [visit.starts_at for visit in visits]
    later = visits[2].starts_at + timedelta(hours=1)
    change(database, visits[2].id, **moved(later))
    change(database, visits[5].id, status=InfusionStatus.CANCELLED, ics_dtstamp=NOW)
    clock.move(minutes=2)
    look(publisher)
    after = radicale.entries(name)
    assert later in starts_of({key: after[key] for key in ours})
    assert sum("STATUS:CANCELLED" in text for text in after.values()) == 1
    unchanged = [key for key in ours if after[key] == ours[key]]
    assert len(unchanged) == 4 and "Dentist" in after["dentist.ics"]
    clock.move(days=15)
    look(publisher)
    assert len(radicale.entries(name)) == 6 and "dentist.ics" in radicale.entries(name)


def test_somebody_elses_edits_are_put_right(
    database: Database, publisher: Publisher, radicale: Radicale, name: str, calendar: int, clock: Clock
) -> None:
    look(publisher)
    ours = radicale.entries(name)
    edited, deleted = sorted(ours)[:2]
    with radicale.http() as other:
        text = ours[edited].replace("SUMMARY:RV-00001", "SUMMARY:Lunch")
        other.put(radicale.address(name) + edited, content=text.encode()).raise_for_status()
        other.delete(radicale.address(name) + deleted).raise_for_status()
    assert radicale.entries(name) != ours
    clock.move(minutes=2)
    look(publisher)
    assert radicale.entries(name) == ours
    assert state(database, calendar).synced_at == clock.at


def test_after_a_week_without_a_worker_the_calendar_is_right_in_one_look(
    database: Database,
    publisher: Publisher,
    radicale: Radicale,
    name: str,
    calendar: int,
    visits: list[Infusion],
    clock: Clock,
) -> None:
    look(publisher)
    clock.move(days=7)
    for visit in visits[3:]:
        change(database, visit.id, **moved(visit.starts_at + timedelta(hours=1)))
    look(publisher)
    with database.read() as session:
        expected = list(session.scalars(select(Infusion.starts_at).order_by(Infusion.starts_at)))
    assert starts_of(radicale.entries(name)) == expected
    assert state(database, calendar).synced_at == clock.at


def test_a_server_that_is_down_is_tried_again_ever_more_rarely_and_the_reason_is_kept(
    database: Database, clinic: SmallClinic, visits: list[Infusion], tmp_path: Path, clock: Clock
) -> None:
    with running_radicale(tmp_path) as own:
        address = own.make_calendar("c")
        with database.write() as session:
            made = publish(session, COMMAND, NOW, clinic.users["clinician"].id, address, own.url).id
        server = CalendarServer(own.url)
        publisher = Publisher(database, server, "worker-1", clock.now, random.Random(1))
        own.stop()
        look(publisher)
        broken = state(database, made)
        assert broken.failures == 1 and broken.error and "reached" in broken.error
        assert timedelta(seconds=45) <= broken.next_look_at - NOW <= timedelta(seconds=75)
        clock.move(seconds=80)
        look(publisher)
        assert state(database, made).failures == 2
        own.start()
        look(publisher)
        assert own.entries("c") == {}, "it waits its turn"
        clock.move(minutes=3)
        look(publisher)
        assert len(own.entries("c")) == len(visits)
        assert (state(database, made).failures, state(database, made).error) == (0, None)
        server.close()
    assert wait(20, random.Random(1)) <= timedelta(minutes=75)


def test_stopping_or_leaving_takes_our_entries_out_and_nothing_else(
    database: Database,
    clinic: SmallClinic,
    publisher: Publisher,
    radicale: Radicale,
    name: str,
    calendar: int,
    clock: Clock,
) -> None:
    with radicale.http() as other:
        other.put(radicale.address(name) + "dentist.ics", content=MINE).raise_for_status()
    look(publisher)
    with database.write() as session:
        stop_publishing(session, COMMAND, clock.now(), calendar)
    look(publisher)
    assert set(radicale.entries(name)) == {"dentist.ics"}
    with database.write() as session:
        assert session.get(PublishedCalendar, calendar) is None
        user = clinic.users["clinician"].id
        publish(session, COMMAND, clock.now(), user, radicale.address(name), radicale.url)
    look(publisher)
    assert len(radicale.entries(name)) == 7
    with database.write() as session:
        session.get_one(User, user).disabled_at = clock.now()
    clock.move(minutes=2)
    look(publisher)
    assert set(radicale.entries(name)) == {"dentist.ics"}


def test_a_worker_that_died_after_writing_leaves_nothing_behind(
    database: Database, publisher: Publisher, radicale: Radicale, name: str, calendar: int, clock: Clock
) -> None:
    class Deadly:
        def tags(self, calendar: str) -> dict[str, str]:
            return publisher.server.tags(calendar)

        def put(self, calendar: str, name: str, body: bytes, tag: str | None) -> str | None:
            publisher.server.put(calendar, name, body, tag)
            raise KeyboardInterrupt

        def delete(self, calendar: str, name: str, tag: str) -> None:
            raise AssertionError(name)

    with pytest.raises(KeyboardInterrupt):
        look(Publisher(database, Deadly(), "worker-0", clock.now))
    assert len(radicale.entries(name)) == 1
    with database.write() as session:
        stop_publishing(session, COMMAND, clock.now(), calendar)
    clock.at += LEASE
    look(publisher)
    assert radicale.entries(name) == {}


def test_only_who_holds_the_lease_records(database: Database, calendar: int) -> None:
    with database.write() as session:
        frozen = claim_calendar(session, NOW, "worker-1")
        assert frozen and claim_calendar(session, NOW, "worker-2") is None
    with database.write() as session:
        second = claim_calendar(session, NOW + LEASE, "worker-2")
        assert second and second.calendar_id == calendar
    late = Done({"x@sixfold": Put("d", "t")}, [], "late")
    with database.write() as session:
        assert not record_look(session, NOW + LEASE, frozen, late, random.Random(1))
        assert record_look(session, NOW + LEASE, second, Done({}, []), random.Random(1))
    with database.read() as session:
        assert session.get_one(PublishedCalendar, calendar).error is None
        assert session.scalars(select(PublishedEvent)).all() == []


@pytest.mark.parametrize(
    "address",
    [
        "", "not an address", "http://calendar.example.org/dav/a/", "https://evil.example.org/dav/a/",
        "https://calendar.example.org/other/", "https://calendar.example.org/dav/../x/",
        "https://u:p@calendar.example.org/dav/a/", "https://calendar.example.org:99/dav/a/",
        "https://calendar.example.org/dav/a/?x=1", "https://[::1/dav/",
    ],
)  # fmt: skip
def test_a_calendar_lies_on_the_clinics_own_server(address: str) -> None:
    server = "https://user:secret@calendar.example.org/dav/"
    with pytest.raises(RuleError) as refused:
        checked_calendar(address, server)
    assert "secret" not in refused.value.sentence
    assert checked_calendar(" https://calendar.example.org/dav/a ", server).endswith("/dav/a/")


def test_the_worker_goes_to_no_other_server_and_follows_no_redirect(radicale: Radicale) -> None:
    server = CalendarServer(radicale.url)
    with pytest.raises(CalendarServerError, match="does not lie"):
        server.tags("http://127.0.0.1:9/clinic/a/")
    server.close()
    asked = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_PROPFIND(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", radicale.address("any"))
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        moved_away = CalendarServer(f"http://127.0.0.1:{http.server_port}/")
        with pytest.raises(CalendarServerError, match="sends elsewhere"):
            moved_away.tags(f"http://127.0.0.1:{http.server_port}/a/")
        moved_away.close()
        http.shutdown()
    assert asked == ["/a/"]
    plain = CalendarServer("http://clinic:secret@calendar.example.org/")
    with pytest.raises(CalendarServerError, match="https"):
        plain.tags("http://calendar.example.org/clinic/a/")
    plain.close()
    wrong = CalendarServer(radicale.url.replace("quiet", "loud"))
    with pytest.raises(CalendarServerError, match="log-in"):
        wrong.tags(radicale.address("any"))
    wrong.close()
