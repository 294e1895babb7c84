"""Change who somebody is to the clinic: name, address, roles, usual site; and let them come back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.accounts.actions.create_user import checked_email
from scheduler.features.accounts.actions.links import close_links
from scheduler.features.accounts.actions.sessions import end_sessions_of
from scheduler.features.audit.actions import record
from scheduler.models import Role, User, UserRole

LAST = "{name} is the only administrator left. Make somebody else one first."


def edit_user(
    session: Session,
    actor: Actor,
    at: datetime,
    user: User,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    site_id: int | None,
) -> None:
    """Write what changed. A changed role ends the person's log-ins, so that the next one has the new rights.

    Raises RuleError for an address or roles that can't be, ConflictError where no administrator is left.
    """
    held = frozenset(roles)
    if not held:
        raise RuleError("Choose at least one role.", field="roles")
    if Role.ADMINISTRATOR in user.role_set - held:
        keep_one_administrator(session, user)
    changed = [
        field
        for field, value in (("email", checked_email(email)), ("name", name.strip()), ("site_id", site_id))
        if getattr(user, field) != value
    ]
    user.email, user.name, user.site_id = checked_email(email), name.strip(), site_id
    if held != user.role_set:
        changed.append("roles")
        user.roles = [UserRole(role=role) for role in sorted(held)]
        end_sessions_of(session, at, user.id, "roles changed")
    if "email" in changed:  # A link that went to the old address is no longer theirs alone.
        close_links(session, at, user.id)
    session.flush()
    if changed:
        record(session, actor, at, "user.changed", "user", user.id, fields=changed)


def enable_user(session: Session, actor: Actor, at: datetime, user: User) -> None:
    """Somebody who left is back: the old password opens again, tokens and shifts do not come back."""
    if user.disabled_at is None:
        return
    user.disabled_at = None
    record(session, actor, at, "user.enabled", "user", user.id)


def keep_one_administrator(session: Session, user: User) -> None:
    """Raise ConflictError where `user` is the only administrator whose log-in is open."""
    others = session.scalar(
        select(func.count())
        .select_from(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.ADMINISTRATOR, User.disabled_at.is_(None), User.id != user.id)
    )
    if not others:
        raise ConflictError(LAST.format(name=user.name))
