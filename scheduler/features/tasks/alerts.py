"""Clinical alerts that wait: what a clinician has to look at, until somebody wrote down what was done."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true
from sqlalchemy.orm import Session

from scheduler.features.tasks.alert_words import URGENCY, detail_of, title_of
from scheduler.features.tasks.alerting.rules import USUAL
from scheduler.models import (
    Alert,
    AlertKind,
    AlertRule,
    ConsultationRequest,
    Course,
    Infusion,
    Patient,
    Site,
)

Found = TypeVarTuple("Found")


@dataclass(frozen=True)
class OpenAlert:
    """One that waits, with what its line shows. `number` is the infusion's that it belongs to, if to one;
    `raised_at` is an instant, told in the zone `tz` of the course's site.

    What a screening found (`screening_id`) belongs to no course, and `patient` is no patient yet where
    `patient_id` is None: then `record_number` is empty.
    """

    id: int
    kind: AlertKind
    title: str
    detail: str
    patient_id: int | None
    patient: str
    record_number: str
    course_id: int | None
    screening_id: int | None
    infusion_id: int | None
    number: int | None
    site_id: int
    site: str
    tz: str
    raised_at: datetime


def is_open() -> ColumnElement[bool]:
    """Whether an alert waits: neither acknowledged nor withdrawn."""
    return and_(Alert.acknowledged_at.is_(None), Alert.withdrawn_at.is_(None))


def must_see(*, is_clinician: bool) -> ColumnElement[bool]:
    """Whether a clinician, or else a nurse, must see an alert: by the clinic's rule, or the usual one."""
    if is_clinician:
        return true()
    own = select(AlertRule.for_nurses).where(AlertRule.kind == Alert.kind).scalar_subquery()
    return func.coalesce(own, Alert.kind.in_([kind for kind, rule in USUAL.items() if rule.for_nurses]))


def waiting_count(*, is_clinician: bool) -> Select[int]:
    """Select the number of alerts that wait for a clinician, or else a nurse, to see them."""
    return select(func.count(Alert.id)).where(is_open(), must_see(is_clinician=is_clinician))


def count_waiting(session: Session, *, is_clinician: bool) -> int:
    """How many alerts wait for a clinician, or else a nurse."""
    return session.scalar(waiting_count(is_clinician=is_clinician)) or 0


def open_alerts(session: Session, kinds: Collection[AlertKind] | None = None) -> list[OpenAlert]:
    """What waits, of these kinds or of all, in one query: the most urgent kind first, then the longest."""
    return _lines(session, is_open() if kinds is None else and_(is_open(), Alert.kind.in_(list(kinds))))


def open_alerts_of(session: Session, course_id: int) -> list[OpenAlert]:
    """What waits in one course, in the same order."""
    return _lines(session, and_(is_open(), Alert.course_id == course_id))


def open_among(
    alerts: Iterable[Alert], patient: Patient, numbers: Mapping[int, int], site: Site
) -> list[OpenAlert]:
    """The same from all alerts of a course, read by somebody; `numbers` are those of its infusions by id."""
    waiting = [one for one in alerts if one.acknowledged_at is None and one.withdrawn_at is None]
    waiting.sort(key=lambda one: (URGENCY.index(one.kind), one.raised_at, one.id))
    return [open_alert(one, patient, None, numbers.get(one.infusion_id or 0), site) for one in waiting]


def _lines(session: Session, wanted: ColumnElement[bool]) -> list[OpenAlert]:
    rows = session.execute(told().where(wanted).order_by(urgency(), Alert.raised_at, Alert.id))
    return [open_alert(*row) for row in rows]


def urgency() -> ColumnElement[int]:
    """The place of an alert's kind among all kinds, the most urgent first."""
    return case({kind.value: at for at, kind in enumerate(URGENCY)}, value=Alert.kind)


def told() -> Select[Alert, Patient, ConsultationRequest, int, Site]:
    """Select alerts with what their lines show, for `open_alert`."""
    return (
        with_site(select(Alert, Patient, ConsultationRequest, Infusion.number, Site))
        .join(Site, Site.id == site_of_alert)
        .outerjoin(Infusion, Infusion.id == Alert.infusion_id)
    )


site_of_alert = func.coalesce(Course.site_id, ConsultationRequest.site_id, Patient.site_id)
"""Whose alert it is: the site of its course, of the request, or of the patient."""


def with_site(query: Select[*Found]) -> Select[*Found]:
    """A query of alerts with all that tells where one belongs (`site_of_alert`)."""
    return (
        query.outerjoin(Course, Course.id == Alert.course_id)
        .outerjoin(ConsultationRequest, ConsultationRequest.id == Alert.request_id)
        .outerjoin(Patient, Patient.id == func.coalesce(Alert.patient_id, ConsultationRequest.patient_id))
    )


def open_alert(
    alert: Alert, patient: Patient | None, request: ConsultationRequest | None, number: int | None, site: Site
) -> OpenAlert:
    """The line of one row of `told`."""
    whose = patient or request
    return OpenAlert(
        id=alert.id,
        kind=alert.kind,
        title=title_of(alert.kind),
        detail=detail_of(alert.kind, alert.facts),
        patient_id=patient.id if patient else None,
        patient=(whose.name if whose else "") or "Erased",
        record_number=patient.record_number if patient else "",
        course_id=alert.course_id,
        screening_id=alert.facts.get("screening_id"),
        infusion_id=alert.infusion_id,
        number=number,
        site_id=site.id,
        site=site.name,
        tz=site.tz,
        raised_at=alert.raised_at,
    )
