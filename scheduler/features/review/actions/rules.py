"""What a site asks of a sign-off."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError
from scheduler.features.audit import actions as audit
from scheduler.models import SignOffRules, Site


def set_second(session: Session, actor: Actor, at: datetime, site_id: int, wants_second: bool) -> None:
    """Whether a course log needs the signature of a second clinician. Raises NotFoundError."""
    if session.get(Site, site_id) is None:
        raise NotFoundError("There is no such site.")
    row = session.get(SignOffRules, site_id) or SignOffRules(site_id=site_id)
    row.wants_second = wants_second
    session.add(row)
    audit.record(session, actor, at, "site.sign_off_saved", "site", site_id, wants_second=wants_second)
