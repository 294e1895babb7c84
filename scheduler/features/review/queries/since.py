"""What was done in a course since somebody opened its page: who, when, and where in the chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.models import AuditEvent, Infusion

WORDS: Mapping[str, str] = {
    "infusion_log.saved": "fields of the log",
    "infusion_log.completed": "the log is complete",
    "infusion_log.signed": "the log is signed",
    "infusion_log.vitals_added": "vitals",
    "infusion_log.vitals_corrected": "vitals were corrected",
    "infusion_log.hold_answered": "what was done about a pressure",
    "rating.recorded": "a rating",
    "rating.corrected": "a rating was corrected",
    "cognitive_run.begun": "a short task was begun",
    "cognitive_run.complete": "a short task",
    "cognitive_run.interrupted": "a short task was interrupted",
    "cognitive_run.left_out": "a short task was left out",
    "course_log.reasons_given": "reasons",
    "course_log.signed": "the course log is signed",
}
ROWS = {"events": "adverse events", "rescue": "rescue drugs", "pauses": "interruptions"}
MOST = 20


@dataclass(frozen=True)
class Change:
    """One deed, its time at the site."""

    at: datetime
    who: str
    words: str


def changed_since(session: Session, course_id: int, since: datetime, tz: str) -> list[Change]:
    """What was charted after `since` in a course, from the audit trail, the first deed first."""
    rows = session.execute(
        select(Infusion.id, Infusion.number).where(Infusion.course_id == course_id).order_by(Infusion.id)
    )
    visits: dict[int, int] = {row.id: row.number for row in rows}
    of_visit = (AuditEvent.entity == "infusion") & AuditEvent.entity_id.in_(visits)
    of_course = (AuditEvent.entity == "course") & (AuditEvent.entity_id == course_id)
    rated = AuditEvent.detail["course_id"].as_integer() == course_id
    deeds = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.at > since,
            or_(of_visit, of_course, AuditEvent.entity.in_(("rating", "cognitive_run")) & rated),
            AuditEvent.action.not_like("%.read"),
        )
        .order_by(AuditEvent.id)
        .limit(MOST)
    )
    zone = ZoneInfo(tz)
    found = []
    for row in deeds:
        visit_id = row.entity_id if row.entity == "infusion" else row.detail.get("infusion_id")
        number = visits.get(visit_id or 0)
        where = f"no. {number}, " if number else ""
        found.append(Change(row.at.astimezone(zone), row.actor, f"{where}{_words(row.action)}"))
    return found


def _words(action: str) -> str:
    if action in WORDS:
        return WORDS[action]
    kind = action.partition(".")[2].partition("_")[0]
    return ROWS.get(kind, "the course")
