"""The whole clinic as newline-delimited JSON: one file for each kind of resource, as FHIR's bulk data has it.

A few patients are read at a time, each few in a transaction of their own: no clinic is too large for memory,
and nobody who books waits for it. A patient is whole in the file, and the only references that lead from one
patient to another are those of merged records. So if records were merged meanwhile, courses may stand in it
twice or not at all: it is begun anew. Sites and questionnaires come last, so that one that was added
meanwhile is in it too. The files get their names when all of it is written, or none is left.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO

from scheduler.db import Database
from scheduler.errors import BusyError
from scheduler.features.interchange.queries import charts, count_patients, merges, next_patients, unowned
from scheduler.rendering.fhir.records import line, resources_of, shared
from scheduler.rendering.fhir.values import Resource

BATCH = 25
TRIES = 3
MANIFEST = "manifest.json"
Tell = Callable[[int, int], None]


def write_clinic(database: Database, folder: Path, base: str, at: datetime, tell: Tell) -> dict[str, int]:
    """Write all patients into `folder`, which must not exist, readable by its owner alone.

    `tell` hears how many patients of how many are written; what it raises stops the work. Gives the number of
    resources of each kind. Raises BusyError where records are merged again and again, or there is no room.
    """
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700, parents=True)
        counts = _steady(database, part, base, tell)
        with _open(part / MANIFEST) as file:
            file.write(_manifest(counts, base, at))
        part.rename(folder)
    except OSError as error:
        raise BusyError(f"The export could not be written to {folder}: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return counts


def _steady(database: Database, folder: Path, base: str, tell: Tell) -> dict[str, int]:
    for _ in range(TRIES):
        with database.read() as session:
            before = merges(session)
        counts = _written(database, folder, base, tell)
        with database.read() as session:
            if merges(session) == before:
                return counts
        for file in folder.iterdir():
            file.unlink()
    raise BusyError("Records were merged while the export was made. Begin it again when nobody merges.")


def _written(database: Database, folder: Path, base: str, tell: Tell) -> dict[str, int]:
    with database.read() as session:
        total = count_patients(session)
    counts: Counter[str] = Counter()
    done = after = 0
    with ExitStack() as stack:
        files: dict[str, IO[bytes]] = {}

        def put(resources: Iterable[Resource]) -> None:
            for resource in resources:
                kind = resource["resourceType"]
                if kind not in files:
                    files[kind] = stack.enter_context(_open(folder / f"{kind}.ndjson"))
                files[kind].write(line(resource))
                counts[kind] += 1

        tell(done, total)
        while True:
            with database.read() as session:
                ids = next_patients(session, after, BATCH)
                found = charts(session, ids)
            if not ids:
                break
            for chart in found:
                put(resources_of(chart, base))
            done, after = done + len(ids), ids[-1]
            tell(done, max(done, total))
        with database.read() as session:
            put(shared(*unowned(session), base))
    return dict(sorted(counts.items()))


def _open(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _manifest(counts: dict[str, int], base: str, at: datetime) -> bytes:
    """What lies there, as a bulk data server would say it."""
    facts = {
        "transactionTime": at.isoformat(timespec="seconds"),
        "request": f"{base}/$export",
        "requiresAccessToken": False,
        "output": [{"type": kind, "url": f"{kind}.ndjson", "count": n} for kind, n in counts.items()],
        "error": [],
    }
    return json.dumps(facts, indent=1).encode()
