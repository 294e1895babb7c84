"""What the facts of a course log do not say, but its sign-off depends on."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.review.completeness import Standing
from scheduler.features.review.queries.course import Lacks
from scheduler.features.tasks.alerts import is_open
from scheduler.models import Alert, AlertKind, Infusion, InfusionLog, SignOffRules


def standing_of(session: Session, course_id: int, lacks: Lacks) -> Standing:
    """Where the logs and the alerts of a course stand, and the ratings that lack."""
    rows = session.execute(
        select(InfusionLog.infusion_id, InfusionLog.status)
        .join(Infusion, Infusion.id == InfusionLog.infusion_id)
        .where(Infusion.course_id == course_id)
        .order_by(Infusion.starts_at)
    )
    logs = {infusion_id: status.value for infusion_id, status in rows}
    item_9 = session.scalar(
        select(func.count(Alert.id)).where(
            Alert.course_id == course_id, Alert.kind == AlertKind.ITEM_9, is_open()
        )
    )
    return Standing(logs, item_9 or 0, lacks.still_open)


def wants_second(session: Session, site_id: int) -> bool:
    """Whether a site asks for the signature of a second clinician."""
    return bool(session.scalar(select(SignOffRules.wants_second).where(SignOffRules.site_id == site_id)))
