"""Whether somebody proves what they have: a code of the app, a recovery code, a passkey.

What proves once proves no second time, so the rows are held while they are looked at.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.accounts.factors.app_codes import DIGITS, fitting_step
from scheduler.features.accounts.factors.passkeys import Home, named_key, proved_count
from scheduler.features.accounts.factors.recovery import code_hash
from scheduler.features.accounts.factors.sealing import opened
from scheduler.features.audit.actions import record
from scheduler.models import AuthenticatorApp, Passkey, RecoveryCode


def take_code(session: Session, actor: Actor, at: datetime, user_id: int, text: str, key: str) -> bool:
    """Whether `text` is a fresh code of the person's app, or a recovery code that was not used yet."""
    code = "".join(text.split())
    if len(code) == DIGITS and code.isascii() and code.isdigit():
        return _take_app_code(session, at, user_id, code, key)
    row = session.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == code_hash(user_id, text),
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        return False
    row.used_at = at
    record(session, actor, at, "factor.code_used", "user", user_id)
    session.flush()
    return True


def take_passkey(
    session: Session, at: datetime, user_id: int, home: Home | None, challenge: bytes, answer: str
) -> bool:
    """Whether one of the person's passkeys signed `challenge`."""
    credential_id = named_key(answer) if home else None
    if home is None or credential_id is None:
        return False
    row = session.scalar(
        select(Passkey)
        .where(Passkey.user_id == user_id, Passkey.credential_id == credential_id)
        .with_for_update()
    )
    count = proved_count(home, challenge, answer, row.public_key, row.sign_count) if row else None
    if row is None or count is None:
        return False
    row.sign_count, row.last_used_at = count, at
    session.flush()
    return True


def _take_app_code(session: Session, at: datetime, user_id: int, code: str, key: str) -> bool:
    row = session.scalar(
        select(AuthenticatorApp).where(AuthenticatorApp.user_id == user_id).with_for_update()
    )
    secret = opened(row.secret, user_id, key) if row else None
    step = fitting_step(secret, code, at, row.last_step) if row and secret else None
    if row is None or step is None:
        return False
    row.last_step = step
    session.flush()
    return True
