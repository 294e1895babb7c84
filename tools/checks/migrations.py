"""Every migration goes up, comes down and up again, and leaves what the models say, on both databases."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from scheduler.db import migrate
from tests.support.postgres import PostgresServer


def check(root: Path) -> list[str]:
    """The first step that fails, on each database; in a process of its own, because Alembic talks a lot."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.checks.migrations"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return [] if done.returncode == 0 else (done.stderr or done.stdout).strip().splitlines()


def main() -> None:
    """Walk through the migrations of both databases; ends with what went wrong where something did."""
    with tempfile.TemporaryDirectory() as folder, PostgresServer.start() as server:
        databases = {
            "SQLite": f"sqlite:///{folder}/migrations.sqlite3",
            "PostgreSQL": server.create_database("migrations"),
        }
        problems = [f"{name}: {why}" for name, url in databases.items() for why in there_and_back(url)]
    if problems:
        sys.exit("\n".join(problems))


def there_and_back(url: str) -> list[str]:
    """The first step that fails on the empty database at `url`, with its error."""
    steps = {
        "up": lambda: migrate.upgrade(url),
        "models and migrations differ": lambda: migrate.check(url),
        "down": lambda: migrate.downgrade(url, "base"),
        "up again": lambda: migrate.upgrade(url),
        "models and migrations differ the second time": lambda: migrate.check(url),
    }
    for name, step in steps.items():
        try:
            step()
        except Exception as error:  # noqa: BLE001 - whatever a migration raises is the finding
            return [f"{name}: {type(error).__name__}: {error}"]
    return []


if __name__ == "__main__":
    main()
