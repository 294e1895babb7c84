"""Tokens for programs and wall screens."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import COMMAND, Actor
from scheduler.db import Database
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.accounts.actions.access_tokens import create_token, revoke_token, touch_token
from scheduler.features.accounts.actions.disable_user import disable_user
from scheduler.features.accounts.queries import token_holder, tokens, user
from scheduler.models import AccessToken, AuditEvent
from tests.features.accounts.conftest import Accounts
from tests.support.clinic import NOW

READ = ("patients:read",)
MINUTE = timedelta(minutes=1)


def make(
    database: Database,
    kind: str = "api",
    scopes: Sequence[str] = READ,
    actor: Actor = COMMAND,
    ends: timedelta | None = None,
) -> tuple[int, str]:
    """A token's number and secret."""
    with database.write() as session:
        expires = NOW + ends if ends else None
        token, raw = create_token(
            session, actor, NOW, kind=kind, name=" Phone  system ", scopes=scopes, expires_at=expires
        )
        return token.id, raw


def opens(database: Database, raw: str, kind: str = "api", after: timedelta = MINUTE) -> bool:
    """Whether the secret opens anything."""
    with database.read() as session:
        return token_holder(session, raw, NOW + after, kind) is not None


def test_a_token_opens_only_what_its_kind_is_for(sqlite: Database) -> None:
    raw = make(sqlite)[1]
    assert opens(sqlite, raw) and not opens(sqlite, raw, "wall") and not opens(sqlite, raw + "x")


def test_the_database_never_holds_the_secret(sqlite: Database) -> None:
    raw = make(sqlite)[1]
    assert len(raw) >= 43  # 256 bits.
    with sqlite.read() as session:
        row = session.scalars(select(AccessToken)).one()
        told = session.scalars(select(AuditEvent)).one()
        assert row.name == "Phone system"
        assert raw not in str(vars(row)) and raw not in str(vars(told))


def test_a_token_ends_on_its_day(sqlite: Database) -> None:
    raw = make(sqlite, ends=timedelta(days=1))[1]
    assert opens(sqlite, raw, after=timedelta(hours=23)) and not opens(sqlite, raw, after=timedelta(days=1))


def test_a_revoked_token_opens_nothing_and_the_trail_says_so_once(sqlite: Database) -> None:
    number, raw = make(sqlite)
    with sqlite.write() as session:
        revoke_token(session, COMMAND, NOW, number)
        revoke_token(session, COMMAND, NOW, number)
    assert not opens(sqlite, raw)
    with sqlite.read() as session:
        assert [event.action for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))] == [
            "token.created",
            "token.revoked",
        ]


def test_a_token_that_is_not_there_cannot_be_revoked(sqlite: Database) -> None:
    with sqlite.write() as session, pytest.raises(NotFoundError):
        revoke_token(session, COMMAND, NOW, 9)


def test_tokens_end_with_the_member_of_staff_who_made_them(sqlite: Database, accounts: Accounts) -> None:
    ada = Actor(accounts.ada.id, "Ada")
    api, wall, other = make(sqlite, actor=ada)[1], make(sqlite, "wall", (), ada)[1], make(sqlite)[1]
    with sqlite.write() as session:
        disable_user(session, COMMAND, NOW, user(session, accounts.ada.id))
    assert not opens(sqlite, api) and not opens(sqlite, wall, "wall") and opens(sqlite, other)


def test_when_a_token_was_last_used_is_noted_at_most_once_a_minute(sqlite: Database) -> None:
    number = make(sqlite)[0]
    for seconds, noted in ((0, 0), (59, 0), (60, 60)):
        with sqlite.write() as session:
            touch_token(session, NOW + timedelta(seconds=seconds), number)
        with sqlite.read() as session:
            assert tokens(session, "api")[0].last_used_at == NOW + timedelta(seconds=noted)


@pytest.mark.parametrize(
    ("name", "scopes", "ends", "field"),
    [
        ("", READ, None, "name"),
        ("x" * 81, READ, None, "name"),
        ("a\u2028b\u200b", READ, None, "name"),
        ("Phone", (), None, "scopes"),
        ("Phone", ("everything",), None, "scopes"),
        ("Phone", READ, timedelta(0), "expires"),
    ],
)
def test_what_cannot_be_a_token_is_refused_by_field(
    sqlite: Database, name: str, scopes: Sequence[str], ends: timedelta | None, field: str
) -> None:
    expires = NOW + ends if ends is not None else None
    with pytest.raises(RuleError) as refused, sqlite.write() as session:
        create_token(session, COMMAND, NOW, kind="api", name=name, scopes=scopes, expires_at=expires)
    assert refused.value.extra["field"] == field
