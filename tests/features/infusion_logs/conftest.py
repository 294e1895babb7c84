"""One visit that is under way, on both databases, and short ways to chart it."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.infusion_logs.actions.save import Wrote, save_part
from scheduler.features.infusion_logs.actions.vitals import Correction, Measured, add_reading
from scheduler.features.infusion_logs.fields import Part
from scheduler.features.infusion_logs.problems import Problem
from scheduler.models import VitalSigns
from tests.support.clinic import NOW, TODAY, SmallClinic, small_clinic
from tests.support.visits import add_six


@dataclass(frozen=True)
class Chair:
    """The database, the visit of 09:30, and the people who chart; it is 10:00."""

    database: Database
    clinic: SmallClinic
    infusion_id: int
    ben: Actor
    ada: Actor

    def save(
        self,
        part: str,
        seen: int = 0,
        *sure: str,
        actor: Actor | None = None,
        at: datetime = NOW,
        clinician: bool = False,
        **texts: str,
    ) -> list[Problem]:
        """Save a part as Ben, or as somebody else."""
        wrote = Wrote(Part(part), seen, texts, frozenset(sure), clinician)
        with self.database.write() as session:
            return list(save_part(session, actor or self.ben, at, self.infusion_id, wrote))

    def measure(
        self, key: str, at: datetime = NOW, correction: Correction | None = None, **values: object
    ) -> VitalSigns:
        """Add a row of vitals as Ben."""
        with self.database.write() as session:
            measured = Measured(key, **values)  # type: ignore[arg-type]
            return add_reading(session, self.ben, at, self.infusion_id, measured, correction)


def seated(database: Database) -> Chair:
    """A visit of today."""
    with database.write() as session:
        clinic = small_clinic(session)
        visit = add_six(session, clinic, [TODAY], "09:30")[1][0]
        ben, ada = (Actor(clinic.users[role].id, clinic.users[role].name) for role in ("nurse", "clinician"))
        return Chair(database, clinic, visit.id, ben, ada)


@pytest.fixture
def chair(database: Database) -> Chair:
    """A visit of today on SQLite and PostgreSQL in turn."""
    return seated(database)


@pytest.fixture
def fast_chair(sqlite: Database) -> Chair:
    """The same on SQLite alone, for rules that no database takes part in."""
    return seated(sqlite)
