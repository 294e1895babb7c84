"""A real CalDAV server (Radicale) in a process of its own, with one user and calendars in a folder."""

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

USER, PASSWORD = "clinic", "quiet harbor"
START_SECONDS = 30
SETTINGS = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/calendars
[logging]
level = warning
"""


@dataclass
class Radicale:
    """The server; `stop` and `start` are a server that goes away and comes back with its calendars."""

    folder: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The server's address with the log-in, as the settings hold it."""
        name = USER
        return f"http://{name}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/"

    def address(self, calendar: str) -> str:
        """The address of one calendar."""
        return f"http://127.0.0.1:{self.port}/{USER}/{calendar}/"

    def http(self) -> httpx.Client:
        """A client that is signed in: somebody else who uses the same calendars."""
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return httpx.Client(headers={"Authorization": f"Basic {login}"}, timeout=20)

    def make_calendar(self, calendar: str) -> str:
        """A new, empty calendar; its address."""
        with self.http() as client:
            client.request("MKCALENDAR", self.address(calendar)).raise_for_status()
        return self.address(calendar)

    def entries(self, calendar: str) -> dict[str, str]:
        """Every entry, by the name of its file, as it stands in the folder."""
        home = self.folder / "calendars" / "collection-root" / USER / calendar
        return {path.name: path.read_text() for path in home.glob("*.ics")}

    def start(self) -> None:
        """Serve, and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "radicale", "--config", str(self.folder / "config")],
            env={**os.environ, "RADICALE_CONFIG": ""},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/", timeout=2)
                return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the calendar server did not answer")

    def stop(self) -> None:
        """Be gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(15)
            self._process = None


@contextmanager
def running_radicale(folder: Path) -> Iterator[Radicale]:
    """The server until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "config").write_text(SETTINGS.format(port=port, folder=folder))
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    server = Radicale(folder, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
