"""Tokens for programs and wall screens: made once, shown once, revoked at once."""

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.accounts.scopes import LONGEST_TOKEN_NAME, SCOPES
from scheduler.features.audit.actions import record
from scheduler.models import AccessToken, Feed
from scheduler.tokens import new_token, token_hash

TOUCH_EVERY = timedelta(minutes=1)


def create_token(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    kind: str,
    name: str,
    scopes: Collection[str] = (),
    site_id: int | None = None,
    expires_at: datetime | None = None,
) -> tuple[AccessToken, str]:
    """Make a token of `kind` "api", "wall" or "metrics"; returns it with its secret, shown this once.

    Raises RuleError (with `field`) for a name, scopes or an end that can't be taken.
    """
    held = sorted(set(scopes))
    if kind == "api" and not held:
        raise RuleError("Choose at least one thing that the token may do.", field="scopes")
    if unknown := [scope for scope in held if scope not in SCOPES]:
        raise RuleError(f"There is no scope “{unknown[0]}”. Choose from {', '.join(SCOPES)}.", field="scopes")
    if expires_at is not None and expires_at <= at:
        raise RuleError("Choose a day in the future.", field="expires")
    raw = new_token()
    token = AccessToken(
        kind=kind,
        name=_checked_name(name),
        token_hash=token_hash(raw),
        scopes=held,
        site_id=site_id,
        created_at=at,
        created_by_id=actor.user_id,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    record(session, actor, at, "token.created", "access_token", token.id, kind=kind, scopes=held)
    return token, raw


def revoke_token(session: Session, actor: Actor, at: datetime, token_id: int) -> None:
    """End a token now; one that has ended already stays as it is. Raises NotFoundError."""
    token = session.get(AccessToken, token_id)
    if token is None:
        raise NotFoundError("There is no such token. Look for it in the list.")
    if token.revoked_at is None:
        token.revoked_at = at
        record(session, actor, at, "token.revoked", "access_token", token.id, kind=token.kind)


def revoke_tokens_of(session: Session, at: datetime, user_id: int) -> int:
    """End all tokens that a member of staff made; returns how many. The caller writes the audit row."""
    ended = session.execute(
        update(AccessToken)
        .where(AccessToken.created_by_id == user_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(AccessToken.id)
    )
    return len(ended.all())


def revoke_feed_of(session: Session, at: datetime, user_id: int) -> None:
    """End the address of a member of staff's own calendar. The caller writes the audit row."""
    session.execute(
        update(Feed).where(Feed.user_id == user_id, Feed.revoked_at.is_(None)).values(revoked_at=at)
    )


def touch_token(session: Session, at: datetime, token_id: int) -> None:
    """Note that a token is in use; at most once a minute, so that reading stays cheap."""
    unseen = or_(AccessToken.last_used_at.is_(None), AccessToken.last_used_at <= at - TOUCH_EVERY)
    session.execute(update(AccessToken).where(AccessToken.id == token_id, unseen).values(last_used_at=at))


def _checked_name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise RuleError("Write what the token is for, such as “Phone system”.", field="name")
    if len(name) > LONGEST_TOKEN_NAME:
        raise RuleError(f"The name is too long. {LONGEST_TOKEN_NAME} characters fit.", field="name")
    if any(unicodedata.category(letter).startswith("C") for letter in name):
        raise RuleError(
            "The name holds a character that can't be seen. Write it again by hand.", field="name"
        )
    return name
