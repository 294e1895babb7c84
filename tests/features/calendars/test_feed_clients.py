"""The feed as real programs read it: fetched by vdirsyncer over HTTP into a folder that khal shows.

The weeks are those of both clock changes, and what khal says is the wall time of the clinic.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.calendars.feeds.change import make_feed
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.models import Infusion, InfusionStatus
from tests.support.booked import make_course
from tests.support.clinic import SmallClinic, small_clinic
from tests.support.server import running_server

PROGRAMS = Path(sys.executable).parent
WALLS = (
    "2026-10-30 09:30", "2026-11-02 09:30", "2026-11-04 15:00",  # The clocks go back on 1 November,
    "2027-03-12 09:30", "2027-03-15 09:30", "2027-03-17 15:00",  # and forward on 14 March.
)  # fmt: skip
OFFSETS = (4, 5, 5, 5, 4, 4)
SYNC = """
[general]
status_path = "{home}/status/"
[pair feed]
a = "here"
b = "there"
collections = null
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{home}/calendar/"
fileext = ".ics"
[storage there]
type = "http"
url = "{url}"
"""
SHOW = """
[calendars]
[[feed]]
path = {home}/calendar/
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = America/New_York
default_timezone = America/New_York
[sqlite]
path = {home}/khal.db
"""


def starts() -> list[datetime]:
    """The instants, worked out by hand: New York is 4 or 5 hours behind."""
    return [
        datetime.fromisoformat(wall).replace(tzinfo=UTC) + timedelta(hours=hours)
        for wall, hours in zip(WALLS, OFFSETS, strict=True)
    ]


def run(home: Path, *command: str) -> str:
    """What a program says."""
    done = subprocess.run(
        [str(PROGRAMS / command[0]), *command[1:]],
        env={**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home), "LC_ALL": "C.UTF-8"},
        input="y\n" * 9, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def seen(home: Path) -> list[str]:
    """What khal shows of half a year."""
    shown = run(
        home, "khal", "-c", str(home / "khal.conf"), "list", "--once", "--day-format", "",
        "--format", "{start-date} {start-time} {title} {status}", "2026-10-01", "2027-04-01",
    )  # fmt: skip
    return [line.strip() for line in shown.splitlines() if line.strip()]


@pytest.fixture
def clinic(sqlite: Database) -> SmallClinic:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        make_course(session, clinic, starts())
    return clinic


@pytest.fixture
def subscribe(tmp_path: Path) -> Callable[[str], Path]:
    """A person's folder in which both programs are set up for one address."""

    def made(url: str) -> Path:
        home = tmp_path / "person"
        (home / "calendar").mkdir(parents=True)
        (home / "sync.conf").write_text(SYNC.format(home=home, url=url))
        (home / "khal.conf").write_text(SHOW.format(home=home))
        return home

    return made


def test_a_subscribed_calendar_shows_the_clinics_wall_times_and_follows_changes(
    sqlite: Database, clinic: SmallClinic, subscribe: Callable[[str], Path], tmp_path: Path
) -> None:
    with sqlite.write() as session:
        token = make_feed(session, COMMAND, clock.now(), Owner("patient", clinic.patient.id))
    with running_server(sqlite.url, tmp_path) as server:
        address = f"{server.address}/feeds/{token}.ics"
        home = subscribe(address)
        sync = ("vdirsyncer", "-c", str(home / "sync.conf"))
        run(home, *sync, "discover")
        run(home, *sync, "sync")
        assert seen(home) == [f"{wall} Appointment CONFIRMED" for wall in WALLS]
        with sqlite.write() as session:
            row = session.get_one(Infusion, 2)
            row.starts_at += timedelta(hours=1)
            row.ends_at = row.chair_until = row.starts_at + timedelta(hours=2)
            row.schedule_version, row.ics_sequence, row.ics_dtstamp = 2, 1, clock.now()
            gone = session.get_one(Infusion, 6)
            gone.status, gone.ics_sequence, gone.ics_dtstamp = InfusionStatus.CANCELLED, 1, clock.now()
        run(home, *sync, "sync")
        moved = ["2026-11-02 10:30" if wall == WALLS[1] else wall for wall in WALLS]
        assert seen(home) == [f"{wall} Appointment CONFIRMED" for wall in moved[:5]] + [
            f"{moved[5]} Appointment CANCELLED"
        ]
        first = httpx.get(address)
        again = httpx.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert httpx.get(address[:-6] + "x.ics").status_code == 404
        assert token not in server.log.read_text() and "/feeds/<token>.ics" in server.log.read_text()
