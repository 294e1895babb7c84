"""Events over https to addresses that an administrator set.

The worker stands inside the clinic's network, so an address must not turn it into a way in: a name that
resolves to this machine, to the router or to a cloud's metadata service is refused. Looking first and
connecting afterwards would look the name up twice, and a name server can answer differently the second
time. So the connection itself is ours: the name is resolved once, every address it has is judged, and the
socket goes to the address that was judged, while the certificate is still held against the name. That place
exists in httpcore, the engine of httpx, and not in httpx itself. Redirects are not followed, proxies of the
environment not asked, and of the answer only its status is read.

Every wait is bounded by what is left of `TOTAL_S`, so a receiver that drips its answer can't outlive the
lease.

Requests are signed as the Standard Webhooks specification has it: receivers find libraries for it.
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore

from scheduler.channels.result import Outcome, Result

CONNECT_S = 5.0
TOTAL_S = 15.0
SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets begin with
EMBEDS_IPV4 = ipaddress.ip_network("64:ff9b::/96")
PRIVATE = (
    "The address leads into a private network, which is refused. SIXFOLD_WEBHOOKS_PRIVATE=1 allows it for "
    "a receiver of the clinic's own."
)
PLAIN = "Only https addresses are told of anything."
FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    OSError,
    ValueError,  # A name that is none.
)
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (httpcore.TimeoutException, "It did not answer in time."),
    (httpcore.RemoteProtocolError, "It hung up without a proper answer."),
    (httpcore.NetworkError, "It could not be reached, or hung up."),
)


@dataclass(frozen=True)
class Call:
    """One event as it leaves: the same `event_id` and `body` with each try, signed for the moment."""

    url: str
    secret: str
    event_id: str
    body: bytes
    sent_at: int


class AddressRefusedError(Exception):
    """The name leads to where nothing may be sent."""


class WebhookChannel:
    """The door that events leave by. `private` allows the clinic's own network, and http there."""

    def __init__(
        self, *, private: bool = False, total: float = TOTAL_S, trust: ssl.SSLContext | None = None
    ) -> None:
        self._private = private
        self._total = total
        self._trust = trust or ssl.create_default_context()

    def send(self, call: Call) -> Result:
        """Tell one receiver of one event. Never raises for what the network or the receiver does."""
        parts = urlsplit(call.url)
        if parts.scheme != "https" and not (self._private and parts.scheme == "http"):
            return Result(Outcome.TEMPORARY, PLAIN)
        try:
            return self._post(call)
        except AddressRefusedError:
            return Result(Outcome.TEMPORARY, PRIVATE)
        except FAILURES as error:
            return Result(Outcome.TEMPORARY, _why(error))

    def _post(self, call: Call) -> Result:
        network = _Pinned(self._private, time.monotonic() + self._total)
        with (
            httpcore.ConnectionPool(
                ssl_context=self._trust, network_backend=network, max_connections=1, retries=0
            ) as pool,
            pool.stream("POST", call.url, headers=headers(call), content=call.body) as answer,
        ):
            return _judged(answer.status, dict(answer.headers))


def headers(call: Call) -> dict[bytes | str, bytes | str]:
    """What goes above the body, the signature included."""
    return {
        "Host": urlsplit(call.url).netloc,
        "Content-Type": "application/json",
        "Content-Length": str(len(call.body)),
        "Connection": "close",
        "User-Agent": "Sixfold",
        "webhook-id": call.event_id,
        "webhook-timestamp": str(call.sent_at),
        "webhook-signature": f"v1,{signature(call)}",
    }


def signature(call: Call) -> str:
    """HMAC-SHA256 over `id.timestamp.body` with the decoded secret, in base64."""
    key = base64.b64decode(call.secret.removeprefix(SECRET_PREFIX))
    signed = f"{call.event_id}.{call.sent_at}.".encode() + call.body
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet, also where it carries another inside."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address.sixtofour is not None or address.teredo is not None or address in EMBEDS_IPV4:
            return False
    return address.is_global and not address.is_multicast


class _Pinned(httpcore.NetworkBackend):
    """Resolves a name once, judges every address, and connects to one that was judged."""

    def __init__(self, private: bool, deadline: float) -> None:
        self._private = private
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the address behind `host`; AddressRefusedError where that may not be."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if not self._private and not all(is_public(address) for address in addresses):
            raise AddressRefusedError(host)
        wait = min(CONNECT_S, _left(self._deadline))
        stream = self._plain.connect_tcp(addresses[0], port, wait, local_address, socket_options)
        return _Bounded(stream, self._deadline)


class _Bounded(httpcore.NetworkStream):
    """A connection on which no wait goes beyond the deadline of the whole try."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of `buffer`."""
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted; the certificate must be that of the name."""
        inner = self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _Bounded(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks about the socket."""
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def _judged(status: int, given: dict[bytes, bytes]) -> Result:
    if 200 <= status < 300:
        return Result(Outcome.SENT, f"It answered {status}.")
    if 300 <= status < 400:
        return Result(Outcome.TEMPORARY, f"It answered {status}, a redirect, which is not followed.")
    wait = next((value for name, value in given.items() if name.lower() == b"retry-after"), b"")
    seconds = int(wait) if wait.isdigit() and len(wait) < 7 else None
    return Result(Outcome.TEMPORARY, f"It answered {status}.", seconds)


def _why(error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    if isinstance(error, socket.gaierror) or isinstance(cause, socket.gaierror):
        return "Its name is not known."
    if isinstance(error, ssl.SSLError) or isinstance(cause, ssl.SSLError):
        return "Its certificate could not be trusted."
    return next((said for kind, said in _SENTENCES if isinstance(error, kind)), "It could not be spoken to.")
