"""Every page has something true to show: the application opens on the demo clinic."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import Course, Infusion, Message, Patient, Role, User
from tests.cli.demo.conftest import Made
from tests.support.sign_in import cheap_app, sign_in


@pytest.fixture
def copy(clinic: Made, tmp_path: Path) -> Iterator[Database]:
    """The clinic once more, because pages add to the audit trail."""
    source, target = clinic.database.engine.url.database, tmp_path / "copy.sqlite3"
    with sqlite3.connect(str(source)) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
    found = Database(f"sqlite:///{target}")
    yield found
    found.dispose()


def _one_of_each(session: Session) -> list[str]:
    """A page of each kind, in each state that a row can have."""

    def first(model: type, *by: object) -> list[int]:
        return list(session.scalars(select(func.min(model.id)).group_by(*by)))  # type: ignore[attr-defined]

    return [
        *(f"/patients/{one}" for one in session.scalars(select(Patient.id).order_by(Patient.id).limit(3))),
        *(f"/courses/{one}" for one in first(Course, Course.status)),
        *(f"/infusions/{one}" for one in first(Infusion, Infusion.status)),
        *(f"/messages/{one}" for one in first(Message, Message.status)),
        *(f"/messages/{one}" for one in first(Message, Message.purpose)),
    ]


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.CLINICIAN])
def test_every_kind_of_page_opens_in_every_state(
    role: Role, clinic: Made, copy: Database, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: clinic.now)
    client = cheap_app(config, copy).test_client()
    with copy.read() as session:
        user = next(one for one in session.scalars(select(User)) if one.role_set == {role} and one.is_demo)
        pages = _one_of_each(session)
    sign_in(client, copy, user)
    lists = ["/today?site=1", "/today?site=2", f"/board?site=1&day={clinic.today}", "/patients", "/messages"]
    answers = {page: client.get(page).status_code for page in [*lists, *pages]}
    assert set(answers.values()) == {200}, answers
    assert len(pages) >= 3 + 3 + 4 + 4


def test_today_tells_a_busy_day(
    clinic: Made, copy: Database, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: clinic.now)
    client = cheap_app(config, copy).test_client()
    with copy.read() as session:
        user = session.scalars(select(User).where(User.is_demo)).first()
        assert user is not None
    sign_in(client, copy, user)
    sentence = re.search(r"Riverside\. (\d+) visits: ([^.<]+)\.", client.get("/today?site=1").text)
    assert sentence is not None
    assert int(sentence[1]) >= 10
    assert {"in the chair", "to come", "gone home"} <= set(re.findall(r"\d+ ([a-z ]+)", sentence[2]))
