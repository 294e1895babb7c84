"""The clinic of the route table, and programs with tokens."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.access_tokens import create_token
from scheduler.features.accounts.scopes import SCOPES
from scheduler.models import AuditEvent
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import cheap_app
from tests.web.api.routes import ApiRoute


@dataclass(frozen=True)
class Programs:
    """The application, and what a program needs to call it."""

    app: Flask
    database: Database
    clinic: SmallClinic

    def token(self, *scopes: str, name: str = "Phone system") -> str:
        """The secret of a new token."""
        with self.database.write() as session:
            _made, raw = create_token(
                session, COMMAND, NOW, kind="api", name=name, scopes=scopes or tuple(SCOPES)
            )
        return raw

    def client(self) -> FlaskClient:
        """A program without cookies."""
        return self.app.test_client()

    def call(
        self, method: str, path: str, raw: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        """The answer to one request with the token `raw`."""
        sent = {"Authorization": f"Bearer {raw}", **(headers or {})}
        more = {} if body is None else {"json": body}
        return self.client().open(path, method=method, headers=sent, **more)

    def ask(self, route: ApiRoute, raw: str, **headers: str) -> Any:
        """Call a route as the table has it."""
        return self.call(route.method, route.path, raw, route.body or None, {**route.headers, **headers})

    def trail(self) -> list[AuditEvent]:
        """The audit trail, oldest first."""
        with self.database.read() as session:
            return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))

    def count(self, model: type) -> int:
        """How many rows there are."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def programs(config: Config, sqlite: Database, filled: SmallClinic) -> Iterator[Programs]:
    """On the Monday of the small clinic."""
    with time_machine.travel(NOW, tick=False):
        yield Programs(cheap_app(config, sqlite), sqlite, filled)
