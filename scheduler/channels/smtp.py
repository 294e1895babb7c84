"""Mail over SMTP, on one connection that is kept open between messages.

Each try ends within a known time, which the outbox's lease depends on: every wait for the server
is bounded by `timeout`, and a server that drips its answer byte by byte is cut off after `TOTAL_S`.
A refusal says whether another try makes sense. What is wrong with the server itself (our log-in,
its certificate) is never held against the message: it stays temporary, and nothing is lost."""

import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import unquote, urlsplit

from scheduler.channels.result import Outcome, Result
from scheduler.channels.watch import Watch

TIMEOUT_S = 10.0
TOTAL_S = 30.0
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
LATE = "The mail server did not answer in time."
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (ConnectionRefusedError, "No mail server answers at the address that is set."),
    (socket.gaierror, "The mail server's name is not known."),
    (ssl.SSLError, "The mail server's certificate could not be trusted."),
    (
        smtplib.SMTPNotSupportedError,
        "The mail server does not offer what the settings ask for (encryption or log-in).",
    ),
)
_WAIT = re.compile(r"\b(?:in|after|for)\s+(\d{1,5})\s*(s|m)", re.IGNORECASE)


@dataclass(frozen=True)
class SmtpSettings:
    """Where the mail server is and how to speak to it; `scheme` is one of PORTS."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `smtp://`, `smtps://` or `smtp+starttls://user:password@host:port`; raises ValueError.

        A user or password with `@`, `/` or `:` in it is written percent-encoded.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(
                "The mail server's address must look like smtp+starttls://user:password@host:587."
            )
        port = parts.port or PORTS[parts.scheme]
        return cls(
            parts.scheme, parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or "")
        )


class SmtpChannel:
    """One connection to one server, opened when first needed and again when it was lost."""

    def __init__(self, settings: SmtpSettings, timeout: float = TIMEOUT_S, total: float = TOTAL_S) -> None:
        self._settings = settings
        self._timeout = timeout
        self._watch = Watch(total, self._cut_off)
        self._server: smtplib.SMTP | None = None
        self._cut = False

    def send(self, body: bytes, envelope_from: str, envelope_to: str) -> Result:
        """Hand over one message to one recipient. Never raises for what the network or server does."""
        self._cut = False
        with self._watch.over():
            return self._hand_over(body, envelope_from, envelope_to)

    def _hand_over(self, body: bytes, envelope_from: str, envelope_to: str) -> Result:
        try:
            server = self._begun(body, envelope_from)
        except smtplib.SMTPSenderRefused as error:
            return self._refused(error.smtp_code, error.smtp_error, "The mail server refused the sender")
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Result(Outcome.TEMPORARY, self._unreachable(error), server_down=True)
        try:
            code, text = server.rcpt(envelope_to)
            if code not in {250, 251}:
                result = self._refused(code, text, "The mail server refused the recipient")
                return replace(result, no_such_address=_is_of_the_address(result, text))
            code, text = server.data(body)
            if code != 250:
                return self._refused(code, text, "The mail server refused the message")
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error, "The mail server refused the message")
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return _result(False, self._unreachable(error))
        return Result(Outcome.SENT, "The mail server has taken it.")

    def _begun(self, body: bytes, envelope_from: str) -> smtplib.SMTP:
        """A connection on which the server has taken our sender.

        Servers end connections that were idle or have brought many messages. Naming the sender is how we
        notice: nothing was handed over yet, so it is safe to open a new connection and name it again.
        """
        if self._server is not None:
            try:
                _name_sender(self._server, body, envelope_from)
            except smtplib.SMTPSenderRefused as error:
                if error.smtp_code != 421:
                    raise
            except (smtplib.SMTPException, OSError):
                if self._cut:
                    raise
            else:
                return self._server
            self.close()
        self._server = self._open()
        _name_sender(self._server, body, envelope_from)
        return self._server

    def close(self) -> None:
        """End the connection; does nothing without one."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.close()

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        context = ssl.create_default_context()
        # Our own name is given: the library would ask the DNS for it, with no bound on the wait.
        name = socket.gethostname()
        server: smtplib.SMTP
        if settings.scheme == "smtps":
            server = smtplib.SMTP_SSL(local_hostname=name, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(local_hostname=name, timeout=self._timeout)
        # Known before it connects, so that the watch can cut a greeting that never ends.
        self._server = server
        server._host = settings.host  # type: ignore[attr-defined]  # what TLS checks the certificate against
        code, text = server.connect(settings.host, settings.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        if settings.scheme == "smtp+starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        return server

    def _refused(self, code: int, text: bytes | str, what: str) -> Result:
        """Tell what will be refused each time (5xx) from what may be taken later (4xx)."""
        if self._cut:  # half a line is no answer
            self.close()
            return _result(False, LATE)
        if code == 421:  # the server says that it closes the connection
            self.close()
        else:
            self._start_over()
        return _result(500 <= code < 600, f"{what} ({code})", text)

    def _start_over(self) -> None:
        """Take back the sender and recipient of a message that was refused."""
        try:
            if self._server is not None:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _unreachable(self, error: Exception) -> str:
        # The library reports a wait that ended as a lost connection, and keeps the cause beside it.
        if self._cut or isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            return LATE
        if isinstance(error, smtplib.SMTPResponseException):
            kind = "our log-in" if isinstance(error, smtplib.SMTPAuthenticationError) else "the connection"
            return f"The mail server refused {kind} ({error.smtp_code})."
        return next(
            (sentence for kind, sentence in _SENTENCES if isinstance(error, kind)),
            "The connection ended before the mail server had answered.",
        )

    def _cut_off(self) -> None:
        self._cut = True
        server = self._server
        sock = server.sock if server is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _name_sender(server: smtplib.SMTP, body: bytes, sender: str) -> None:
    """Raises SMTPSenderRefused where it is not taken."""
    server.ehlo_or_helo_if_needed()
    code, text = server.mail(sender, [f"size={len(body)}"] if server.has_extn("size") else [])
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, text, sender)


def _result(permanent: bool, what: str, said: bytes | str = "") -> Result:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = " ".join(text.split())[:300]
    outcome = Outcome.PERMANENT if permanent else Outcome.TEMPORARY
    return Result(outcome, f"{what}: {text}" if text else what, None if permanent else _asked_wait(text))


def _is_of_the_address(result: Result, said: bytes | str) -> bool:
    """Whether the refusal is for good and about the address (5.1.x of RFC 3463), not about us or the mail."""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    return result.outcome is Outcome.PERMANENT and text.lstrip().startswith("5.1.")


def _asked_wait(text: str) -> int | None:
    """Find the wait that a greylisting server asks for, such as "try again in 300 seconds"; in seconds."""
    found = _WAIT.search(text)
    if not found:
        return None
    return int(found[1]) * (60 if found[2].lower() == "m" else 1)
