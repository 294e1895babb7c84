"""What consultations take out of their clinicians' presence."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import Consultation
from scheduler.planning import to_wall

FREED = ("missed", "cancelled")


def consulting(
    session: Session, zone: ZoneInfo, first: date, last: date
) -> dict[tuple[int, date], list[tuple[int, int]]]:
    """By clinician and local day the minutes of the day that consultations take, at whichever site."""
    begin = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    rows = session.execute(
        select(Consultation.clinician_id, Consultation.starts_at, Consultation.ends_at)
        .where(
            Consultation.starts_at >= begin,
            Consultation.starts_at < end,
            Consultation.status.not_in(FREED),
        )
        .order_by(Consultation.starts_at, Consultation.id)
    )
    found: dict[tuple[int, date], list[tuple[int, int]]] = {}
    for clinician_id, starts_at, ends_at in rows:
        start = to_wall(zone, starts_at)
        minute = start.hour * 60 + start.minute
        length = int((ends_at - starts_at).total_seconds()) // 60
        found.setdefault((clinician_id, start.date()), []).append((minute, minute + length))
    return found
