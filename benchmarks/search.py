"""Search as you type over many patients, in the process, on both databases.

Names are shared as names are: a family name of a real country belongs to one in a hundred, and the three
letters that a sixth of all names begin with are typed, too. Each text is typed letter by letter,
and every keystroke from the third on is measured.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from benchmarks._clinic import make_clinic
from scheduler.db import Database, migrate
from scheduler.features.patients.queries import search
from scheduler.features.patients.search_keys import keys_of
from scheduler.models import Patient, PatientSearchKey
from tests.support.postgres import PostgresServer

PATIENTS = 100_000
ROUNDS = 5
LIMIT_MS = 30
BATCH = 5_000
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
COMMON = ("Martínez", "Marchetti", "Marlowe", "Maréchal")
SYLLABLES = (
    "lin",
    "ber",
    "gar",
    "son",
    "dal",
    "vik",
    "ros",
    "cas",
    "tel",
    "mon",
    "pra",
    "ishi",
    "oka",
    "wen",
)
GIVEN = ("Maria", "Marta", "Mark", "Ana", "Luis", "Jürgen", "Seán", "Noor", "Grace", "Kofi", "Elif", "Mei",
         "Priya", "Diego", "Ruth", "Peter", "Haru", "Linh", "Aisha", "Clara")  # fmt: skip
TYPED = ("martinez", "maria mar", "mar mar", "linberlin", "ber gar", "ana lin", "jur son", "zzz",
         "14.3.1986", "1986", "mar 1986", "2125550", "bm-00", "bm-000123", "maria 12.5.")  # fmt: skip
LEAST = 3
FOUND_BY = ("given_name", "family_name", "birth_date", "phone", "email", "record_number")


def main() -> None:
    """Print the table."""
    print(f"{PATIENTS:,} patients, each keystroke of {len(TYPED)} texts from the third on, {ROUNDS} times")
    print(f"{'database':>11} {'p50':>9} {'p95':>9} {'worst':>9}  typed")
    with tempfile.TemporaryDirectory() as folder:
        _row("sqlite", f"sqlite:///{Path(folder) / 'sixfold.sqlite3'}")
    server = PostgresServer.start(durable=True)
    try:
        server.create_database("bench")
        _row("postgresql", server.url("bench"))
    finally:
        server.stop()
    print(f"at most: p95 {LIMIT_MS} ms")


def _row(name: str, url: str) -> None:
    migrate.upgrade(url)
    database = Database(url)
    with database.write() as session:
        fill_patients(session, PATIENTS)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What PostgreSQL does by itself within a minute of such an import.
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM (ANALYZE)"))
    times = keystrokes(database, TYPED, ROUNDS)
    database.dispose()
    taken = sorted(seconds * 1000 for seconds, _ in times)
    p95 = statistics.quantiles(taken, n=20)[18] if len(taken) > 1 else taken[0]
    worst = max(times)[1]
    print(
        f"{name:>11} {statistics.median(taken):>7.1f}ms {p95:>7.1f}ms {taken[-1]:>7.1f}ms  {worst!r}",
        flush=True,
    )


def keystrokes(database: Database, texts: Sequence[str], rounds: int) -> list[tuple[float, str]]:
    """Seconds and what stood in the field, for each keystroke of each text in each round."""
    typed = [whole[:length] for whole in texts for length in range(LEAST, len(whole) + 1)]
    times = []
    for _ in range(rounds):
        for part in typed:
            with database.read() as session:
                begun = time.perf_counter()
                search(session, part)
                times.append((time.perf_counter() - begun, part))
    return times


def fill_patients(session: Session, count: int, seed: int = 6) -> None:
    """A clinic with `count` patients and the keys they are found by."""
    chance = random.Random(seed)
    site = make_clinic(session, NOW, 1, 1)
    for first in range(0, count, BATCH):
        numbers = range(first + 1, min(count, first + BATCH) + 1)
        people = [_person(chance, number, site.id) for number in numbers]
        session.execute(insert(Patient), people)
        keys = [
            {"patient_id": one["id"], "key": key}
            for one in people
            for key in sorted(keys_of(**{name: one[name] for name in FOUND_BY}))
        ]
        session.execute(insert(PatientSearchKey), keys)


def _person(chance: random.Random, number: int, site_id: int) -> dict[str, Any]:
    family = (
        chance.choice(COMMON) if chance.random() < 0.08 else "".join(chance.choices(SYLLABLES, k=3)).title()
    )
    if chance.random() < 0.1:
        family += f" {chance.choice(COMMON)}"
    return {
        "id": number + 1,
        "record_number": f"BM-{number:06d}",
        "given_name": chance.choice(GIVEN),
        "family_name": family,
        "birth_date": date(1930, 1, 1) + timedelta(days=chance.randrange(80 * 365)),
        "phone": f"+1212{chance.randrange(2_000_000, 9_999_999)}",
        "email": f"p{number}@example.org",
        "site_id": site_id,
        "created_at": NOW,
    }
