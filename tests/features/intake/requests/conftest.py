"""A stranger at the page of Riverside, with a clock of their own."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.intake.requests.guard import read_ticket
from scheduler.models import ConsultationRequest
from tests.features.conftest import SignedIn, clients_of, morning_clinic
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import cheap_app

ANA: dict[str, Any] = {
    "who": "self", "given_name": "Ana", "family_name": "Ruiz", "way": "phone", "phone": "212 555 0188",
    "email": "ana.ruiz@example.org", "half": ["1a", "3p"], "agreed": "1",
}  # fmt: skip


@dataclass
class Stranger:
    """Somebody at the page; `now` is what the clock says."""

    client: FlaskClient
    database: Database
    clinic: SmallClinic
    now: list[datetime] = field(default_factory=lambda: [NOW])

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now[0] += timedelta(**time)

    def ticket(self) -> str:
        """Open the page and read it for half a minute."""
        page = self.client.get("/ask/RV")
        self.wait(seconds=30)
        return ticket_in(page)

    def send(self, ticket: str = "", address: str = "203.0.113.7", **changes: Any) -> TestResponse:
        """Send the form of Ana with changes, on a page opened for it unless its ticket is given."""
        values = {**ANA, "ticket": ticket or self.ticket(), "work": "", "website": "", **changes}
        return self.client.post("/ask/RV", data=values, environ_base={"REMOTE_ADDR": address})

    def rows(self) -> list[ConsultationRequest]:
        """What came in, in order."""
        with self.database.read() as session:
            return list(session.scalars(select(ConsultationRequest).order_by(ConsultationRequest.id)))


def ticket_in(page: TestResponse) -> str:
    """The ticket of a form."""
    found = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def worked(text: str) -> str:
    """Do the work of a ticket, as a browser does."""
    ticket = read_ticket("a-key-for-tests-only", "RV", text)
    assert ticket
    return next(str(number) for number in range(10**7) if ticket.is_worked(str(number)))


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """On SQLite: what stands on these pages is decided before any database is asked, but for the racers."""
    return morning_clinic(sqlite, monkeypatch)


@pytest.fixture
def as_role(config: Config, sqlite: Database, clinic: SmallClinic) -> SignedIn:
    """A client of somebody with the role."""
    return clients_of(config, sqlite, clinic)


@pytest.fixture
def stranger(
    config: Config, sqlite: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> Stranger:
    """Nobody is signed in."""
    found = Stranger(cheap_app(config, sqlite).test_client(), sqlite, clinic)
    monkeypatch.setattr(clock, "now", lambda: found.now[0])
    return found
