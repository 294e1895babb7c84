"""The alert of a screening: somebody says that they are about to end their life.

It belongs to no course, and often to nobody with a record yet. Like an answer about self-harm it is never
withdrawn: only a clinician ends it (CLINICAL.md, sections 3 and 5).
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.tasks.alerts import is_open
from scheduler.models import Alert, AlertKind, Screening


def raise_of_screening(session: Session, actor: Actor, at: datetime, screening: Screening) -> None:
    """Raise it once while one waits; `screening` is locked by whoever calls."""
    about = f"screening:{screening.id}"
    own = (Alert.kind == AlertKind.SUICIDALITY, Alert.about == about)
    if session.scalar(select(Alert.id).where(*own, is_open())) is not None:
        return
    before = session.scalar(select(func.count(Alert.id)).where(*own)) or 0
    alert = Alert(
        kind=AlertKind.SUICIDALITY,
        patient_id=screening.patient_id,
        request_id=screening.request_id,
        about=about,
        facts={"screening_id": screening.id},
        dedupe_key=f"suicidality:{about}:{before + 1}",
        raised_at=at,
    )
    session.add(alert)
    session.flush()
    record(session, actor, at, "alert.raised", "alert", alert.id, screening.patient_id)
