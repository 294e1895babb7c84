"""A real SMTP server that behaves badly on demand, so that the tests meet what a worker meets.

`tls/` holds a self-signed certificate for localhost and its key; they guard nothing but these tests."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

TLS = Path(__file__).parent / "tls"
CERTIFICATE = TLS / "certificate.pem"


class Mood(StrEnum):
    """What the server does with the next message."""

    TAKE = "take"
    REFUSE_RECIPIENT = "refuse_recipient"
    REFUSE_FOR_NOW = "refuse_for_now"
    GREYLIST = "greylist"
    REFUSE_CONTENT = "refuse_content"
    CLOSE_FOR_NOW = "close_for_now"
    DROP_IN_DATA = "drop_in_data"
    DROP_AFTER_TAKING = "drop_after_taking"
    HANG = "hang"
    DRIP = "drip"
    TIRED = "tired"
    GONE = "gone"


class _Session(SMTP):
    def connection_made(self, transport: Any) -> None:
        self.event_handler.transports.append(transport)
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the library's name
        if self.event_handler.mood_of(self.session) is Mood.DROP_IN_DATA:
            await self.push("354 go on")
            cast(asyncio.Transport, self.transport).abort()
            return
        await super().smtp_DATA(arg)


class _Handler:
    def __init__(self) -> None:
        self.mood = Mood.TAKE
        self.moods: dict[int, Mood] = {}
        self.asked = 0
        self.taken: list[bytes] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.arrived = threading.Condition()
        self.transports: list[Any] = []

    def mood_of(self, session: Any) -> Mood:
        """The mood for the message that this connection is about."""
        found: Mood = getattr(session, "mood", self.mood)
        return found

    async def hang_up(self) -> None:
        """End all connections, so that no socket outlives the server."""
        for transport in self.transports:
            transport.abort()
        for _ in range(5):
            await asyncio.sleep(0)

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if hasattr(session, "mood"):  # This connection has brought a message already.
            if self.mood is Mood.TIRED:
                return "421 4.7.0 Too many messages on one connection"
            if self.mood is Mood.GONE:
                server.transport.abort()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        session.mood = self.moods.get(self.asked, self.mood)
        answers = {
            Mood.REFUSE_RECIPIENT: "550 5.1.1 No such mailbox here",
            Mood.REFUSE_FOR_NOW: "451 4.3.0 Come back later",
            Mood.GREYLIST: "450 4.7.1 Greylisted, try again in 5 minutes",
            Mood.CLOSE_FOR_NOW: "421 4.3.2 Shutting down",
        }
        if session.mood in answers:
            return answers[session.mood]
        envelope.rcpt_tos.append(address)
        self.recipients.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mood = self.mood_of(session)
        if mood is Mood.REFUSE_CONTENT:
            return "554 5.7.1 Looks like spam"
        if mood is Mood.HANG:
            await asyncio.Event().wait()
        if mood is Mood.DRIP:
            while True:
                server._writer.write(b"2")
                await asyncio.sleep(0.02)
        with self.arrived:
            self.taken.append(envelope.content)
            self.arrived.notify_all()
        if mood is Mood.DROP_AFTER_TAKING:
            server.transport.abort()
        return "250 OK"


class SmtpServer:
    """The server as a test sees it: set its mood, read what it took."""

    def __init__(self, handler: _Handler, port: int, scheme: str, user: str) -> None:
        self._handler = handler
        self.port = port
        self.url = f"{scheme}://{user}localhost:{port}"

    @property
    def taken(self) -> list[bytes]:
        """The messages it took, oldest first."""
        return self._handler.taken

    def wait_for(self, count: int, timeout: float = 30.0) -> bool:
        """Wait until that many messages were taken; False when they did not come."""
        with self._handler.arrived:
            return self._handler.arrived.wait_for(lambda: len(self.taken) >= count, timeout)

    @property
    def recipients(self) -> list[str]:
        """The recipients it accepted, oldest first."""
        return self._handler.recipients

    @property
    def connections(self) -> int:
        """How many connections said hello."""
        return self._handler.connections

    @property
    def moods(self) -> dict[int, Mood]:
        """What it does with the n-th recipient that it is told of, counted from 1, where that differs."""
        return self._handler.moods

    @property
    def mood(self) -> Mood:
        """What it does with the next message."""
        return self._handler.mood

    @mood.setter
    def mood(self, mood: Mood) -> None:
        self._handler.mood = mood


@contextmanager
def smtp_server(scheme: str = "smtp", user: str = "", password: str = "right") -> Iterator[SmtpServer]:
    """Run a server on a free port of this machine for as long as the block lasts.

    `user` is written before the host, such as `desk:right@`; the server takes only `password`.
    """
    handler = _Handler()
    context = None
    if scheme != "smtp":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE, TLS / "key.pem")

    def login(*given: Any) -> AuthResult:
        return AuthResult(success=given[-1].password == password.encode(), handled=False)

    class _Controller(Controller):
        def factory(self) -> SMTP:
            return _Session(
                self.handler,
                hostname="localhost",
                tls_context=context if scheme == "smtp+starttls" else None,
                auth_require_tls=False,
                authenticator=login,
            )

    controller = _Controller(
        handler,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=context if scheme == "smtps" else None,
    )
    controller.start()
    try:
        yield SmtpServer(handler, controller.port, scheme, user)
    finally:
        asyncio.run_coroutine_threadsafe(handler.hang_up(), controller.loop).result(timeout=5)
        controller.stop()


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
