"""Text messages over a gateway that speaks Twilio's HTTP interface.

A gateway takes no Message-ID: what is sent twice arrives twice. So the outcome says what is known and not
what is likely. A refusal is one, a connection that was never made sent nothing, and both may be tried again.
But once the request has left, only an answer tells: a time-out, a reset or a 5xx leaves open whether the
text went out. Then the outcome is `unknown`: nothing is sent again by itself, and the gateway is asked what
it has.

The address comes from whoever runs Sixfold, so it may lead into the clinic's own network; redirects are not
followed, proxies of the environment are not asked. Without encryption it must be this machine: the token is
in each request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import httpx

from scheduler.channels.result import Outcome, Result
from scheduler.errors import ConfigError
from scheduler.rendering.sms import OPTED_OUT

TIMEOUT_S = 10.0
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
EXAMPLE = "https://account:token@gateway.example.org/2010-04-01?from=%2B15550100100"
NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)
OURS = {401, 403, 404}
"""Our log-in or the address is wrong: held against the settings, never against the text."""


@dataclass(frozen=True)
class GatewaySettings:
    """Where the gateway is (`base`, without a slash at its end), our account there, the number that texts are
    from."""

    base: str
    account: str
    token: str
    sender: str

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `https://account:token@host/version?from=%2B15550100100`; raises ConfigError."""
        parts = urlsplit(url)
        sender = parse_qs(parts.query).get("from", [""])[0]
        if not (parts.hostname and parts.username and parts.password and sender):
            raise ConfigError(f"SMS_URL must name account, token and sender, such as {EXAMPLE}.")
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ConfigError("SMS_URL must begin with https, or the token could be read on its way.")
        place = parts.netloc.rpartition("@")[2]
        base = urlunsplit((parts.scheme, place, parts.path.rstrip("/"), "", ""))
        return cls(base, unquote(parts.username), unquote(parts.password), sender)


@dataclass(frozen=True)
class Held:
    """A text as the gateway has it: its number there, what it says, how far it is, when it was taken."""

    provider_id: str
    body: str
    status: str
    error: str
    made_at: datetime | None


class SmsGateway:
    """The door to one gateway, on connections that are kept open."""

    def __init__(self, settings: GatewaySettings, timeout: float = TIMEOUT_S) -> None:
        self._settings = settings
        self._messages = f"{settings.base}/Accounts/{settings.account}/Messages.json"
        self._client = httpx.Client(
            auth=(settings.account, settings.token),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "Sixfold"},
        )

    def send(self, text: str, to: str, callback: str) -> Result:
        """Hand over one text; receipts come to `callback`. Never raises for what the network does."""
        form = {"To": to, "From": self._settings.sender, "Body": text, "StatusCallback": callback}
        try:
            answer = self._client.post(self._messages, data=form)
        except NOT_CONNECTED:
            return Result(Outcome.TEMPORARY, "The text gateway could not be reached.", server_down=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Result(Outcome.UNKNOWN, _lost(error))
        return _judged(answer)

    def find(self, to: str, day: datetime) -> Sequence[Held] | None:
        """The texts to a number that the gateway made on the UTC day of `day`; None where it does not say."""
        query = {"To": to, "DateSent": f"{day.astimezone(UTC):%Y-%m-%d}", "PageSize": "50"}
        try:
            answer = self._client.get(self._messages, params=query)
            rows = answer.json()["messages"] if answer.status_code == 200 else None
            return None if rows is None else [_held(row) for row in rows]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return None

    def close(self) -> None:
        """End the connections."""
        self._client.close()


def _judged(answer: httpx.Response) -> Result:
    status = answer.status_code
    said = _said(answer)
    if 200 <= status < 300:
        number = said.get("sid")
        taken = number if isinstance(number, str) and number else None
        return Result(Outcome.SENT, "The text gateway has taken it.", provider_id=taken)
    if status in {408, 429}:
        wait = answer.headers.get("Retry-After", "")
        seconds = int(wait) if wait.isdigit() and len(wait) < 7 else None
        return Result(Outcome.TEMPORARY, f"The text gateway asks to wait ({status}).", seconds)
    if status >= 500:
        return Result(Outcome.UNKNOWN, f"The text gateway answered {status}. The text may have gone out.")
    if status < 400:
        return Result(
            Outcome.TEMPORARY,
            f"The text gateway answered {status}, which leads elsewhere and is not followed.",
            server_down=True,
        )
    reason = _reason(said)
    if status in OURS:
        return Result(
            Outcome.TEMPORARY, f"The text gateway refused our log-in ({status}){reason}", server_down=True
        )
    return Result(
        Outcome.PERMANENT,
        f"The text gateway refused the text ({status}){reason}",
        no_such_address=str(said.get("code")) in OPTED_OUT,
    )


def _said(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _reason(said: dict[str, Any]) -> str:
    """The gateway's own words and the number of its error, which staff can look up there."""
    words = " ".join(str(said.get("message") or "").split())[:300].rstrip(".")
    code = said.get("code")
    number = f" (error {code})" if isinstance(code, int) else ""
    return f": {words}{number}." if words else f"{number}."


def _lost(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "The text gateway did not answer in time. The text may have gone out."
    return "The connection ended before the text gateway had answered. The text may have gone out."


def _held(row: dict[str, Any]) -> Held:
    return Held(
        provider_id=str(row["sid"]),
        body=str(row.get("body") or ""),
        status=str(row.get("status") or ""),
        error=str(row.get("error_code") or ""),
        made_at=_instant(row.get("date_created")),
    )


def _instant(text: object) -> datetime | None:
    try:
        return parsedate_to_datetime(str(text)).astimezone(UTC)
    except ValueError:
        return None
