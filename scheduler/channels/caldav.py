"""The clinic's own calendar server (CalDAV), as far as publishing needs it: tags, put, delete.

The library speaks the protocol and does the log-in (Basic or Digest, as the server asks). Redirects are
refused, proxies and passwords of the environment are not looked at, and every address must lie on the server
of the settings: an address that an administrator typed can't send the worker anywhere else. Each put and
delete names the tag that was seen, so that what somebody changed a moment ago is never lost unseen.
"""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from caldav.davclient import DAVClient
from caldav.lib.error import AuthorizationError, DAVError, RateLimitError
from caldav.response import DAVResponse

from scheduler.config import LOOPBACK

TIMEOUT_S = 10
TAG = "{DAV:}getetag"
ICS = {"Content-Type": "text/calendar; charset=utf-8"}
PLAIN = "CALDAV_URL must begin with https:// unless the server runs on this machine."
ELSEWHERE = "The address does not lie on the calendar server of the settings."
T = TypeVar("T")


class CalendarServerError(Exception):
    """The server could not be spoken to, or refused; the text is a sentence for staff."""


class ChangedMeanwhileError(CalendarServerError):
    """Somebody else changed the entry since its tag was seen."""


class CalendarServer:
    """One server, with the log-in of the settings."""

    def __init__(self, url: str, timeout: int = TIMEOUT_S) -> None:
        self._origin = origin(url)
        # Discovery by DNS would lead to other servers: off.
        self._client = DAVClient(url=url, timeout=timeout, enable_rfc6764=False)
        self._client.session.max_redirects = 0
        self._client.session.trust_env = False

    def tags(self, calendar: str) -> dict[str, str]:
        """The tag of every entry in the calendar at this address, by the name of its file."""
        answer = self._ask(calendar, lambda: self._client.propfind(calendar, ["getetag"], depth=1))
        if answer.status != 207:
            raise CalendarServerError(_said(answer.status))
        found = {}
        for result in answer.results or []:
            name = unquote(urlsplit(result.href).path).rsplit("/", 1)[-1]
            tag = getattr(result, "properties", {}).get(TAG)
            if name and tag:
                found[name] = str(tag)
        return found

    def put(self, calendar: str, name: str, body: bytes, tag: str | None) -> str | None:
        """Write one entry over the one with `tag`, or a new one; gives its new tag, if the server says it."""
        seen = {"If-Match": tag} if tag else {"If-None-Match": "*"}
        answer = self._ask(
            calendar, lambda: self._client.put(calendar + name, body.decode(), {**ICS, **seen})
        )
        _hold(answer.status, {200, 201, 204})
        given = answer.headers.get("ETag")
        return str(given) if given else None

    def delete(self, calendar: str, name: str, tag: str) -> None:
        """Remove the entry with `tag`; one that is gone already is as good."""
        answer = self._ask(calendar, lambda: self._client.delete(calendar + name, {"If-Match": tag}))
        _hold(answer.status, {200, 204, 404, 410})

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _ask(self, calendar: str, request: Callable[[], DAVResponse]) -> DAVResponse:
        scheme, host, _ = self._origin
        if origin(calendar) != self._origin:
            raise CalendarServerError(ELSEWHERE)
        if scheme != "https" and host not in LOOPBACK:
            raise CalendarServerError(PLAIN)
        try:
            return request()
        except AuthorizationError as error:
            raise CalendarServerError("The server does not accept the log-in of CALDAV_URL.") from error
        except RateLimitError as error:
            raise CalendarServerError("The server asks to wait. It is tried again.") from error
        except (DAVError, OSError, ValueError) as error:
            raise CalendarServerError(_why(error)) from error


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or usual


def _hold(status: int, good: set[int]) -> None:
    if status == 412:
        raise ChangedMeanwhileError("Somebody changed an entry at this moment. It is put right next time.")
    if status not in good:
        raise CalendarServerError(_said(status))


def _said(status: int) -> str:
    if status == 404:
        return "There is no calendar at this address. Make it on the server first."
    return f"The server answered {status}."


def _why(error: Exception) -> str:
    if type(error).__name__ == "TooManyRedirects":
        return "The server sends elsewhere, which is not followed. Write the address that it sends to."
    return "The server could not be reached, or did not answer properly."
