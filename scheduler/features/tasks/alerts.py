"""Clinical alerts that wait: what a clinician has to look at, until somebody wrote down what was done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.orm import Session

from scheduler.features.tasks.alert_words import URGENCY, detail_of, title_of
from scheduler.models import Alert, AlertKind, Course, Infusion, Patient, Site


@dataclass(frozen=True)
class OpenAlert:
    """One that waits, with what its line shows. `number` is the infusion's that it belongs to, if to one;
    `raised_at` is an instant, told in the zone `tz` of the course's site.
    """

    id: int
    kind: AlertKind
    title: str
    detail: str
    patient_id: int
    patient: str
    record_number: str
    course_id: int
    infusion_id: int | None
    number: int | None
    site_id: int
    site: str
    tz: str
    raised_at: datetime
    history: list[dict[str, Any]]


def is_open() -> ColumnElement[bool]:
    """Whether an alert waits: neither acknowledged nor withdrawn."""
    return and_(Alert.acknowledged_at.is_(None), Alert.withdrawn_at.is_(None))


def open_alerts(session: Session, kinds: Collection[AlertKind] | None = None) -> list[OpenAlert]:
    """What waits, of these kinds or of all, in one query: the most urgent kind first, then the longest."""
    return _lines(session, is_open() if kinds is None else and_(is_open(), Alert.kind.in_(list(kinds))))


def open_alerts_of(session: Session, course_id: int) -> list[OpenAlert]:
    """What waits in one course, in the same order."""
    return _lines(session, and_(is_open(), Alert.course_id == course_id))


def _lines(session: Session, wanted: ColumnElement[bool]) -> list[OpenAlert]:
    order = case({kind.value: at for at, kind in enumerate(URGENCY)}, value=Alert.kind)
    rows = session.execute(
        select(Alert, Patient, Infusion.number, Site)
        .join(Patient, Patient.id == Alert.patient_id)
        .join(Course, Course.id == Alert.course_id)
        .join(Site, Site.id == Course.site_id)
        .outerjoin(Infusion, Infusion.id == Alert.infusion_id)
        .where(wanted)
        .order_by(order, Alert.raised_at, Alert.id)
    )
    return [
        OpenAlert(
            id=alert.id,
            kind=alert.kind,
            title=title_of(alert.kind),
            detail=detail_of(alert.kind, alert.facts),
            patient_id=patient.id,
            patient=patient.name,
            record_number=patient.record_number,
            course_id=alert.course_id,
            infusion_id=alert.infusion_id,
            number=number,
            site_id=site.id,
            site=site.name,
            tz=site.tz,
            raised_at=alert.raised_at,
            history=alert.history,
        )
        for alert, patient, number, site in rows
    ]
