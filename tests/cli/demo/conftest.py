"""Demo clinics made once for all tests that only read them: around today, clock changes and holidays."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scheduler.cli.demo.days import Calendar
from scheduler.db import Database
from tests.support.demo_clinic import MONDAY, make_clinic

CLINICS = {  # name: (seed, instant)
    "a Monday morning": (6, MONDAY),
    "after the clocks went forward": (1, datetime(2026, 3, 9, 19, 30, tzinfo=UTC)),
    "after the clocks went back": (2, datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
    "between the years": (3, datetime(2026, 12, 28, 21, 0, tzinfo=UTC)),
    "a Sunday": (4, datetime(2027, 1, 3, 17, 0, tzinfo=UTC)),
    "a holiday": (5, datetime(2026, 11, 26, 16, 0, tzinfo=UTC)),
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


def _take(shelf: dict[str, Made], name: str, template: Path, factory: pytest.TempPathFactory) -> Made:
    if name not in shelf:
        path = factory.mktemp("demo") / "sixfold.sqlite3"
        shutil.copyfile(template, path)
        seed, now = CLINICS[name]
        made = Made(Database(f"sqlite:///{path}"), now)
        assert make_clinic(made.database, seed, now)
        shelf[name] = made
    return shelf[name]


@pytest.fixture
def clinic(shelf: dict[str, Made], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The clinic of the default seed on a Monday morning."""
    return _take(shelf, "a Monday morning", sqlite_template, tmp_path_factory)


@pytest.fixture(params=CLINICS)
def any_clinic(
    request: pytest.FixtureRequest,
    shelf: dict[str, Made],
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Made:
    """Each clinic in turn."""
    return _take(shelf, request.param, sqlite_template, tmp_path_factory)
