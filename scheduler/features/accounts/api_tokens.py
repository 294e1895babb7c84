"""The tokens of programs as their page shows them: the form for a new one, and the list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from scheduler.errors import NotFoundError
from scheduler.features.accounts.queries import tokens
from scheduler.features.accounts.scopes import SCOPES
from scheduler.models import AccessToken

LIFETIMES = (("365", "After a year"), ("90", "After 90 days"), ("never", "When somebody revokes it"))


@dataclass(frozen=True)
class TokenForm:
    """What was typed, and what is wrong with it by field. `lifetime` is one of LIFETIMES."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    lifetime: str = "365"
    errors: dict[str, str] = field(default_factory=dict)

    def ends(self, now: datetime) -> datetime | None:
        """When a token made `now` ends; None for one that somebody must revoke."""
        return None if self.lifetime == "never" else now + timedelta(days=int(self.lifetime))


@dataclass(frozen=True)
class TokenLine:
    """A token in the list, times in UTC. `state` is open, revoked or over."""

    token_id: int
    name: str
    state: str
    may: Sequence[str]
    created_at: datetime
    ends_at: datetime | None
    last_used_at: datetime | None


def parse_token(form: MultiDict[str, str]) -> TokenForm:
    """Read the form. Name and scopes are judged by the action."""
    lifetime = form.get("lifetime", "")
    errors = {} if lifetime in dict(LIFETIMES) else {"lifetime": "Choose when the token ends."}
    return TokenForm(form.get("name", "").strip(), tuple(form.getlist("scopes")), lifetime, errors)


def token_lines(session: Session, now: datetime) -> list[TokenLine]:
    """All tokens of programs: those that still open something first, then the newest."""
    found = [_line(token, now) for token in tokens(session, "api")]
    return sorted(found, key=lambda line: line.state != "open")


def open_token(session: Session, now: datetime, token_id: int) -> TokenLine:
    """A token that can still be revoked. Raises NotFoundError for any other."""
    for line in token_lines(session, now):
        if line.token_id == token_id and line.state == "open":
            return line
    raise NotFoundError("There is no such token, or it has ended already. Look for it in the list.")


def _line(token: AccessToken, now: datetime) -> TokenLine:
    is_over = token.expires_at is not None and token.expires_at <= now
    return TokenLine(
        token.id,
        token.name,
        "revoked" if token.revoked_at else "over" if is_over else "open",
        [SCOPES.get(scope, scope) for scope in token.scopes],
        token.created_at,
        token.revoked_at or token.expires_at,
        token.last_used_at,
    )
