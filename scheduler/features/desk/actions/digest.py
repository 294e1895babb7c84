"""Write the morning digests that are due, each under a key that exists once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.desk.queries.digest import DueDigest
from scheduler.features.outbox.actions.staff_mail import enqueue_for_staff
from scheduler.models import Purpose
from scheduler.rendering.digest import digest_words


def write_digests(session: Session, at: datetime, due: Iterable[DueDigest], base_url: str) -> None:
    """Add a mail for each; links begin with `base_url`."""
    for one in due:
        subject, body = digest_words(f"{one.day:%A} {one.day.day} {one.day:%B}", one.counts, base_url)
        enqueue_for_staff(
            session,
            at,
            purpose=Purpose.DIGEST,
            user_id=one.user_id,
            dedupe_key=one.key,
            subject=subject,
            body=body,
            expires_at=one.until,
        )
