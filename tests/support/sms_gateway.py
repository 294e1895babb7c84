"""A text gateway in the test's own process, with moods: it takes, refuses, breaks, resets, hangs."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ACCOUNT, TOKEN, SENDER = "AC0123", "a-token-of-the-gateway", "+15550100100"
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


NO_PHONE = {"code": 21211, "message": "The 'To' number is not a valid phone number."}
OPTED_OUT = {"code": 21610, "message": "Attempt to send to unsubscribed recipient"}


@dataclass
class Gateway:
    """What it took, as forms, and how it answers: a status, or "reset" or "hang" after it has taken the text.

    `moods` are used up one a text; then it takes all. `lists` says whether it tells what it has, `stand` what
    it tells of each beside its words.
    """

    port: int = 0
    moods: list[int | str] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    refusal: dict[str, object] = field(default_factory=lambda: dict(NO_PHONE))
    asked: list[dict[str, str]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    at: datetime = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    lists: bool = True
    stand: dict[str, object] = field(default_factory=lambda: {"status": "sent"})
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """What SMS_URL would be."""
        return f"http://{ACCOUNT}:{TOKEN}@127.0.0.1:{self.port}/2010-04-01?from=%2B15550100100"

    def rows(self) -> list[dict[str, object]]:
        """The texts as the list gives them."""
        made = format_datetime(self.at)
        return [
            {"sid": f"SM{number:032d}", "to": one["To"], "body": one["Body"], "date_created": made,
             **self.stand}
            for number, one in enumerate(self.taken, 1)
        ]  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    """One request."""

    gateway: Gateway

    def do_POST(self) -> None:
        """A text is handed over."""
        gateway = self.gateway
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(form, strict_parsing=True).items()}
        gateway.authorizations.append(self.headers["Authorization"])
        mood = gateway.moods.pop(0) if gateway.moods else 201
        if self.path != PATH:
            mood = 404
        if isinstance(mood, str) or mood < 300 or mood >= 500:
            gateway.taken.append(fields)
        if mood == "hang":
            gateway.released.wait(30)
        elif mood == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
        elif isinstance(mood, int) and mood < 300:
            self._answer(mood, {**gateway.rows()[-1], "status": "queued"})
        elif isinstance(mood, int):
            self._answer(mood, {**gateway.refusal, "status": mood}, gateway.headers)

    def do_GET(self) -> None:
        """It is asked what it has."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.gateway.asked.append(query)
        if not self.gateway.lists:
            self._answer(503, {})
            return
        self._answer(200, {"messages": [row for row in self.gateway.rows() if row["to"] == query["To"]]})

    def _answer(self, status: int, said: object, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def finish(self) -> None:
        """A connection that was reset has nothing left to flush."""
        if self.connection.fileno() != -1:
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@contextmanager
def sms_gateway() -> Iterator[Gateway]:
    """A gateway that runs until the block ends."""
    gateway = Gateway()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"gateway": gateway}))
    server.daemon_threads = True
    gateway.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
