"""A mailbox read over IMAP: which mails are new, the bytes of one, and marking one as seen.

Reading changes nothing in the mailbox: mails are fetched without the seen flag, by their UIDs, which rise
with each mail for as long as UIDVALIDITY stays the same. What was read is remembered by the caller, so a
person who opens a mail in between hides nothing from us. Every wait for the server is bounded by `timeout`,
and a visit to the mailbox by `total`; whatever breaks comes out as MailboxError, with words for staff."""

import contextlib
import imaplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Self, TypeVar
from urllib.parse import unquote, urlsplit

from imap_tools import AND, U
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted

TIMEOUT_S = 10.0
TOTAL_S = 120.0
LARGEST = 2_000_000
"""Bytes. Replies and bounces are a few thousand; of what is larger only the beginning is fetched."""

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
EXAMPLE = "imaps://user:password@mail.example.org:993/INBOX"
T = TypeVar("T")
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (MailboxLoginError, "The mail server refused our log-in to the mailbox."),
    (MailboxFolderSelectError, "The mailbox has no folder of that name."),
    (ssl.SSLError, "The mail server’s certificate could not be trusted."),
    (socket.gaierror, "The mail server’s name is not known."),
    (ConnectionRefusedError, "No mail server answers at the address of the mailbox."),
    (TimeoutError, "The mail server did not answer in time."),
    (ImapToolsError, "The mail server refused what was asked of the mailbox."),
)
ENDED = "The connection to the mailbox ended before all was read. The rest is read next time."


class MailboxError(Exception):
    """The mailbox could not be read, or not to its end; `sentence` is for staff."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class ImapSettings:
    """Where the mailbox is. Without `tls` the server stands on this very machine."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True

    @property
    def name(self) -> str:
        """The mailbox in words that tell no secret."""
        return f"{self.user}@{self.host}/{self.folder}"

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `imaps://user:password@host:993/INBOX`, special letters percent-encoded. Raises ValueError.

        `imap://` sends the password as it is, so it is taken for a server on the same machine only.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("imaps", "imap") or not parts.hostname or not parts.username:
            raise ValueError(f"The mailbox’s address must look like {EXAMPLE}.")
        tls = parts.scheme == "imaps"
        if not tls and parts.hostname not in LOOPBACK:
            raise ValueError(f"A mailbox elsewhere is read encrypted: write its address like {EXAMPLE}.")
        return cls(
            parts.hostname,
            parts.port or (993 if tls else 143),
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.lstrip("/")) or "INBOX",
            tls,
        )


@dataclass(frozen=True)
class Fetched:
    """The bytes of one mail; only its beginning where it is larger than LARGEST."""

    content: bytes
    is_whole: bool


class Folder:
    """One open folder. `validity` is its UIDVALIDITY: UIDs mean something under the same one only."""

    def __init__(self, box: BaseMailBox, validity: int) -> None:
        self._box = box
        self.validity = validity

    def newer(self, uid: int, since: date | None = None) -> list[int]:
        """The UIDs above `uid` in rising order; with `since`, of mails that arrived on that day or later."""
        above = U(str(uid + 1), "*")
        search = AND(uid=above, date_gte=since) if since else AND(uid=above)
        # "n:*" names the last mail even where its UID is below n (RFC 3501).
        found = _asked(lambda: self._box.uids(search, charset=None))
        return sorted(number for number in map(int, found) if number > uid)

    def fetch(self, uid: int) -> Fetched | None:
        """One mail, left as unread as it was; None where somebody has removed it."""
        answer = _asked(lambda: self._box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{LARGEST + 1}>)"))
        status, data = answer
        if status != "OK":
            raise MailboxError("The mail server did not give a mail that it names.")
        content = next((part[1] for part in data if isinstance(part, tuple)), None)
        if content is None:
            return None
        return Fetched(content[:LARGEST], len(content) <= LARGEST)

    def mark_seen(self, uid: int) -> None:
        """Show a mail as read: a program has dealt with it, and nobody needs to open it."""
        _asked(lambda: self._box.flag(str(uid), "\\Seen", True))


@contextmanager
def open_folder(
    settings: ImapSettings, timeout: float = TIMEOUT_S, total: float = TOTAL_S
) -> Iterator[Folder]:
    """The folder for as long as the block lasts; everything that breaks in it is a MailboxError."""
    box = _asked(lambda: _connected(settings, timeout))
    watch = threading.Timer(total, _cut_off, [box])
    watch.daemon = True
    watch.start()
    try:
        _asked(lambda: box.login(settings.user, settings.password, settings.folder))
        yield Folder(box, _validity(box))
    finally:
        watch.cancel()
        with contextlib.suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
            box.logout()
        with contextlib.suppress(OSError):  # A log-out that fails leaves the socket open.
            box.client.shutdown()


def _connected(settings: ImapSettings, timeout: float) -> BaseMailBox:
    if settings.tls:
        context = ssl.create_default_context()
        return MailBox(settings.host, settings.port, timeout=timeout, ssl_context=context)
    return MailBoxUnencrypted(settings.host, settings.port, timeout=timeout)


def _validity(box: BaseMailBox) -> int:
    said = box.client.response("UIDVALIDITY")[1]
    try:
        return int(said[-1] or b"0")
    except (IndexError, TypeError, ValueError):
        return 0  # A server without lasting UIDs: what is known by its Message-ID counts once all the same.


def _asked(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError) as error:
        said = next((words for kind, words in _SENTENCES if isinstance(error, kind)), ENDED)
        raise MailboxError(said) from error


def _cut_off(box: BaseMailBox) -> None:
    with contextlib.suppress(OSError):
        box.client.sock.shutdown(socket.SHUT_RDWR)
