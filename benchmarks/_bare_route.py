"""A Flask application with one route, served as Sixfold is: what an answer costs at the least."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[1]

app = Flask(__name__)


@app.get("/bare")
def bare() -> str:
    """Next to nothing."""
    return "ok"


@contextmanager
def running_bare_route(processes: int, threads: int) -> Iterator[str]:
    """Its address, until the block ends; served by so many processes with so many threads each."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", str(processes),
            "--threads", str(threads), "--log-level", "warning", "--no-control-socket",
            "--bind", f"127.0.0.1:{port}", f"{__name__}:app",
        ],
        cwd=ROOT,
    )  # fmt: skip
    try:
        _await(port)
        yield f"http://127.0.0.1:{port}/bare"
    finally:
        process.terminate()
        process.wait(15)


def _await(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the bare route did not answer")
