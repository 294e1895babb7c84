"""A program that is told of events: a real HTTP server in the test's own process."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mood(StrEnum):
    """How it answers."""

    TAKE = "take"
    BREAK = "break"
    BUSY = "busy"
    REDIRECT = "redirect"
    HANG_UP = "hang up"
    SLOW = "slow"
    DRIP = "drip"


@dataclass(frozen=True)
class Told:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def event_id(self) -> str:
        """The event's number."""
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """What it was told, oldest first, and the mood it is in."""

    url: str
    mood: Mood = Mood.TAKE
    told: list[Told] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """The class that answers."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                given = {name.lower(): value for name, value in self.headers.items()}
                receiver.told.append(Told(given, body))
                receiver.answer(self)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        return Handler

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer by the mood."""
        if self.mood is Mood.HANG_UP:
            request.close_connection = True
            return
        if self.mood is Mood.SLOW:
            self.over.wait(30)
            return
        if self.mood is Mood.DRIP:
            for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 10_000:
                request.wfile.write(bytes([letter]))
                if self.over.wait(0.02):
                    return
        statuses = {Mood.TAKE: 204, Mood.BREAK: 500, Mood.BUSY: 503, Mood.REDIRECT: 302}
        request.send_response(statuses[self.mood])
        if self.mood is Mood.REDIRECT:
            request.send_header("Location", f"{self.url}/elsewhere")
        if self.mood is Mood.BUSY:
            request.send_header("Retry-After", "1800")
        request.send_header("Content-Length", "0")
        request.end_headers()


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a port of its own, with a certificate for `localhost` if one is given."""
    receiver = Receiver("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), receiver.handler())
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver.url = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
