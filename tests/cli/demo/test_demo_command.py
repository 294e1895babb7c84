"""`python -m scheduler demo`: its output, its refusal, and what `run` uses of it."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.cli.demo import FULL, fill_if_empty
from scheduler.cli.demo import fill as filling
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.logins import as_json, as_lines, logins_of
from scheduler.cli.demo.sites import build_sites
from scheduler.cli.demo.staff import build_staff
from scheduler.config import ROOT, Config
from scheduler.db import Database, migrate
from scheduler.features.accounts.demo_logins import DEMO_PASSWORD
from scheduler.features.accounts.passwords import STRONG, Hasher
from scheduler.models import Role, User
from tests.cli.demo.conftest import Made
from tests.support.clinic import small_clinic
from tests.support.demo_clinic import ADDRESS, digest

ROLES = [role.value for role in Role]


def _demo(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["SIXFOLD_HOME"] = str(home)
    return subprocess.run(
        [sys.executable, "-m", "scheduler", "demo", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_empty_home_is_filled_and_a_full_one_is_refused(tmp_path: Path) -> None:
    first = _demo(tmp_path, "--json", "--seed", "9")
    assert (first.returncode, first.stderr) == (0, "Making the demo clinic. This takes a few seconds.\n")
    logins = json.loads(first.stdout)
    assert [set(login) for login in logins] == [{"role", "email", "password"}] * len(logins)
    assert [login["role"] for login in logins] == ROLES
    database = Database(f"sqlite:///{tmp_path / 'sixfold.sqlite3'}")
    with database.read() as session:
        made = digest(session)
        for login in logins:
            stored = session.scalars(select(User.password_hash).where(User.email == login["email"])).one()
            assert STRONG.check(stored, login["password"]).fits
    again = _demo(tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (1, "", f"{FULL}\n")
    with database.read() as session:
        assert digest(session) == made
    database.dispose()


def test_a_log_in_is_one_line_of_role_address_and_password(clinic: Made) -> None:
    with clinic.database.read() as session:
        logins = logins_of(session)
    lines = [line.split(" ") for line in as_lines(logins).splitlines()]
    assert [role for role, _, _ in lines] == ROLES
    assert {password for _, _, password in lines} == {DEMO_PASSWORD}
    assert json.loads(as_json(logins)) == [
        {"role": role, "email": email, "password": password} for role, email, password in lines
    ]


def test_nobody_but_the_printed_log_ins_can_sign_in(clinic: Made) -> None:
    with clinic.database.read() as session:
        printed = {login.email for login in logins_of(session)}
        users = session.scalars(select(User)).all()
    assert {user.email for user in users if user.is_demo} == printed
    assert {user.password_hash for user in users if not user.is_demo} == {"!"}


@pytest.fixture
def migrated(config: Config) -> Config:
    """A new machine's settings with its tables made."""
    migrate.upgrade(config.database_url)
    return config


def test_run_makes_the_clinic_once_and_prints_its_log_ins_each_time(
    migrated: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clinic of log-ins alone stands for the whole, which the command above makes by the same `fill`."""
    made = []

    def log_ins(session: Session, now: datetime, seed: int, address: str, hasher: Hasher) -> None:
        made.append((seed, address))
        calendar = Calendar(now)
        build_staff(session, calendar, build_sites(session, calendar), hasher.hash(DEMO_PASSWORD))

    monkeypatch.setattr(filling, "fill", log_ins)
    first = fill_if_empty(migrated, ADDRESS, seed=7)
    assert [login.role for login in first] == ROLES
    assert fill_if_empty(migrated, ADDRESS) == first
    assert made == [(7, ADDRESS)]


def test_run_prints_no_log_ins_of_a_clinic_of_somebodys_own(migrated: Config) -> None:
    database = Database(migrated.database_url)
    with database.write() as session:
        small_clinic(session)
    assert fill_if_empty(migrated, ADDRESS) == []
    with database.read() as session:
        assert session.scalar(select(func.count(User.id))) == 4
    database.dispose()
