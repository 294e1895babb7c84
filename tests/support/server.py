"""The real server in processes of its own, as a clinic runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "quiet harbor lantern 41"
SECRET_KEY = "a-key-for-tests-only"
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running web server: its address and where it writes what it has to say."""

    address: str
    log: Path


@contextmanager
def running_server(database_url: str, directory: Path, command: str = "web") -> Iterator[Server]:
    """`python -m scheduler web` on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = directory / "server.log"
    environment = {
        **os.environ,
        "PORT": str(port),
        "SIXFOLD_HOME": str(directory / "home"),
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET_KEY,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "scheduler", command],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", log)
    try:
        _await(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def signed_in_client(server: Server, email: str) -> httpx.Client:
    """A browser's worth of client, signed in through the form with `PASSWORD`."""
    client = httpx.Client(base_url=server.address, timeout=60, follow_redirects=False)
    page = client.get("/sign-in")
    answer = client.post(
        "/sign-in", data={"csrf_token": csrf_of(page.text), "email": email, "password": PASSWORD}
    )
    if answer.status_code != 303 and answer.status_code != 302:
        raise AssertionError(f"sign-in answered {answer.status_code}: {answer.text[:500]}")
    return client


def csrf_of(html: str) -> str:
    """The token that a page's forms carry."""
    match = re.search(r'name="csrf_token" value="([^"]+)"', html)
    if not match:
        raise AssertionError("the page holds no form of ours")
    return match[1]


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {server.log.read_text()}")
        try:
            with urllib.request.urlopen(f"{server.address}/sign-in", timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer: {server.log.read_text()}")
