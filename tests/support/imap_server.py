"""A real IMAP server (pymap) with one mailbox in memory, which can hang up in the middle."""

import asyncio
import ssl
import threading
from argparse import Namespace
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag

from tests.support.smtp_server import TLS

USER, PASSWORD = "desk", "right"
SEEN = Flag(b"\\Seen")


class ImapServer:
    """The server as a test sees it: what is in the mailbox, and when it hangs up."""

    def __init__(self, *, tls: bool = False) -> None:
        self._loop = asyncio.new_event_loop()
        self._tls = tls
        self._writers: list[Any] = []
        self.hang_up_after: int | None = None
        """How many mails are still given before it hangs up; None: all."""
        self.served = 0
        self.is_mute = False
        self.port = 0

    @property
    def url(self) -> str:
        """The mailbox's address for the settings."""
        return f"imap{'s' if self._tls else ''}://{USER}:{PASSWORD}@localhost:{self.port}/INBOX"

    def add(self, content: bytes, at: datetime | None = None) -> int:
        """Put a mail into the mailbox; its UID."""
        return int(self._run(self._add(content, at or datetime.now(UTC))))

    def seen(self) -> list[int]:
        """The UIDs of the mails that are marked as read."""
        return list(self._run(self._seen()))

    def renumber(self) -> None:
        """Give the mailbox another UIDVALIDITY: a server that was restored from a backup does."""
        self._run(self._renumber())

    def empty(self) -> None:
        """Take all mails out, and serve again without a fault."""
        self.hang_up_after = None
        self._run(self._empty())

    @property
    def validity(self) -> int:
        """The mailbox's UIDVALIDITY."""
        return int(self._run(self._inbox()).uid_validity)

    async def _empty(self) -> None:
        inbox = await self._inbox()
        await inbox.delete([message.uid async for message in inbox.messages()])

    async def _inbox(self) -> Any:
        identity = self._backend.login.demo_user_identity
        async with identity.new_session() as session:
            return await session.mailbox_set.get_mailbox("INBOX")

    async def _add(self, content: bytes, at: datetime) -> int:
        inbox = await self._inbox()
        message = await inbox.append(AppendMessage(content, at, frozenset()))
        return int(message.uid)

    async def _seen(self) -> list[int]:
        inbox = await self._inbox()
        return [message.uid async for message in inbox.messages() if SEEN in message.permanent_flags]

    async def _renumber(self) -> None:
        inbox = await self._inbox()
        inbox._uid_validity += 1

    async def _serve(self) -> None:
        args = Namespace(
            host=None, port="0", debug=False, cert=None, key=None, tls=False, passlib_cfg=None,
            proxy_protocol=None, demo_data=False, demo_user=USER, demo_password=PASSWORD,
        )  # fmt: skip
        self._backend, config = await DictBackend.init(args, secure_auth=False, invalid_user_sleep=0.0)
        self._imap = IMAPServer(self._backend.login, config)
        context = None
        if self._tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
        config.apply_context()
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        if self.is_mute:
            await asyncio.Event().wait()
        write = writer.write

        def counted(data: bytes) -> None:
            if b"BODY[]" in bytes(data):
                self.served += 1
                if self.hang_up_after is not None and self.served > self.hang_up_after:
                    writer.transport.abort()
                    return
            write(data)

        writer.write = counted  # type: ignore[method-assign,assignment]
        await self._imap(reader, writer, SocketInfoLocal(writer))

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def imap_server(*, tls: bool = False) -> Iterator[ImapServer]:
    """Run a server on a free port of this machine for as long as the block lasts."""
    server = ImapServer(tls=tls)
    thread = threading.Thread(target=server._loop.run_forever, daemon=True)
    thread.start()
    server._run(server._serve())
    try:
        yield server
    finally:
        server._run(server._stop())
        server._loop.call_soon_threadsafe(server._loop.stop)
        thread.join(timeout=5)
        server._loop.close()
