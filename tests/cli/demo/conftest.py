"""Demo clinics made once for all tests that only read them: around today, clock changes and holidays."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.cli.demo.days import Calendar
from scheduler.db import Database
from tests.support.demo_clinic import MONDAY, make_clinic

EVENING = "the same Monday in the evening"
CLINICS = {  # name: (seed, instant)
    "a Monday morning": (6, MONDAY),
    "after the clocks went forward": (1, datetime(2026, 3, 9, 19, 30, tzinfo=UTC)),
    "after the clocks went back": (2, datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
    "a Sunday between the years": (4, datetime(2026, 12, 27, 17, 0, tzinfo=UTC)),
    EVENING: (6, MONDAY + timedelta(hours=9)),
    "a holiday": (5, datetime(2026, 11, 26, 16, 0, tzinfo=UTC)),
    "a Tuesday before a holiday": (6, datetime(2026, 11, 24, 16, 0, tzinfo=UTC)),
}


@dataclass(frozen=True)
class Made:
    """A demo clinic that is there to be read."""

    database: Database
    now: datetime

    @property
    def today(self) -> date:
        """The date at the clinic."""
        return Calendar(self.now).today


@pytest.fixture(scope="package")
def shelf(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[dict[str, Made]]:
    """The clinics made so far, by name."""
    found: dict[str, Made] = {}
    yield found
    for made in found.values():
        made.database.dispose()


def made_once(run_directory: Path, name: str, empty: Path) -> Path:
    """The file of a clinic, which the first process of this run that asks for it makes; it takes seconds."""
    path = run_directory / f"demo, {name}.sqlite3"
    with (run_directory / f"demo, {name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            shutil.copyfile(empty, unfinished)
            database = Database(f"sqlite:///{unfinished}")
            seed, now = CLINICS[name]
            assert make_clinic(database, seed, now)
            database.dispose()
            unfinished.rename(path)
    return path


@pytest.fixture
def clinic_of(
    shelf: dict[str, Made],
    run_directory: Path,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], Made]:
    """The clinic of a name, made when it is first asked for."""

    def take(name: str) -> Made:
        if name not in shelf:
            path = tmp_path_factory.mktemp("demo") / "sixfold.sqlite3"
            shutil.copyfile(made_once(run_directory, name, sqlite_template), path)
            shelf[name] = Made(Database(f"sqlite:///{path}"), CLINICS[name][1])
        return shelf[name]

    return take


@pytest.fixture
def clinic(clinic_of: Callable[[str], Made]) -> Made:
    """The clinic of the default seed on a Monday morning."""
    return clinic_of("a Monday morning")


@pytest.fixture(params=[name for name in CLINICS if name != EVENING])
def any_clinic(request: pytest.FixtureRequest, clinic_of: Callable[[str], Made]) -> Made:
    """Each clinic in turn."""
    return clinic_of(request.param)
