"""What the facts of a course log do not say, but its sign-off depends on."""

from scheduler.features.review.completeness import Standing
from scheduler.features.review.queries.course import Lacks
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import AlertKind


def standing_of(rows: CourseRows, lacks: Lacks) -> Standing:
    """Where the logs and the alerts of a course stand, and the ratings that lack."""
    logs = {log.infusion_id: log.status.value for log in rows.logs.values()}
    item_9 = [
        one
        for one in rows.alerts
        if one.kind is AlertKind.ITEM_9 and one.acknowledged_at is None and one.withdrawn_at is None
    ]
    return Standing(logs, len(item_9), lacks.still_open)
