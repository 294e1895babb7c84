"""Everything that the page of a course log shows, in a number of queries that no course makes larger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.outbox.queries import MessageLine, for_course
from scheduler.features.ratings.cognition.queries import CourseTasks, course_tasks
from scheduler.features.review.completeness import Item, completeness, lacking
from scheduler.features.review.page import (
    AddendumLine,
    Gap,
    Signature,
    Stop,
    addenda,
    gaps,
    lost_ratings,
    signature,
    stops,
)
from scheduler.features.review.progress import CourseProgress, progress_in
from scheduler.features.review.progress.last import last_course
from scheduler.features.review.queries.course import lacking_ratings
from scheduler.features.review.queries.record import live_record, seen_digests, signed_facts
from scheduler.features.review.queries.rows import CourseRows
from scheduler.features.review.queries.signed import beside
from scheduler.features.review.queries.since import Change, changed_since
from scheduler.features.review.queries.standing import standing_of
from scheduler.features.tasks.alerts import OpenAlert, open_among
from scheduler.rendering.canonical import Facts


@dataclass(frozen=True)
class CourseLog:
    """One course on one page; times at the site. `seen` is the digest of the facts on it, which whoever signs
    sends back, `log_seen` the same for each log that waits for a signature, by infusion id; `last_course` is
    the patient's course before this one, if there is one.
    """

    facts: Facts
    progress: CourseProgress
    tasks: CourseTasks
    stops: Sequence[Stop]
    items: Sequence[Item]
    gaps: Sequence[Gap]
    lost: Sequence[Gap]
    alerts: Sequence[OpenAlert]
    messages: Sequence[MessageLine]
    signature: Signature | None
    second: Signature | None
    wants_second: bool
    addenda: Sequence[AddendumLine]
    seen: str
    log_seen: dict[int, str]
    last_course: int | None
    changes: Sequence[Change]

    @property
    def lacking(self) -> list[Item]:
        """What keeps the log from being signed."""
        return lacking(self.items)

    @property
    def waiting(self) -> list[Stop]:
        """The visits whose log is complete and not signed."""
        return [stop for stop in self.stops if stop.infusion_id in self.log_seen]

    @property
    def signed_numbers(self) -> list[tuple[int, int]]:
        """Infusion id and number of each visit whose log is signed, for an addendum."""
        signed = self.facts["log_signatures"]
        return [
            (visit["id"], visit["number"]) for visit in self.facts["visits"] if str(visit["id"]) in signed
        ]

    @property
    def asks_reasons(self) -> bool:
        """Whether a reason is still to be given."""
        return any(not gap.reason for gap in (*self.gaps, *self.lost))


def course_log(
    session: Session, course_id: int, now: datetime, opened_at: datetime | None = None
) -> CourseLog:
    """The page of a course log; `opened_at` asks what was charted since. Raises NotFoundError."""
    rows = CourseRows(session, course_id)
    lacks = lacking_ratings(rows, now)
    live = live_record(rows, now, lacks)
    own = rows.signed.get(None)
    facts = {**(signed_facts(own) if own else live), **beside(rows)}
    standing = standing_of(rows, lacks)
    tz = facts["site"]["tz"]
    waits = [] if own else [key for key, state in standing.logs.items() if state == "complete"]
    seen, log_seen = seen_digests(live, waits)
    return CourseLog(
        facts=facts,
        progress=progress_in(rows, now),
        tasks=course_tasks(session, course_id, rows.runs),
        stops=stops(facts, standing.logs),
        items=[] if own else completeness(facts, standing),
        gaps=gaps(facts),
        lost=lost_ratings(facts),
        alerts=_alerts(rows),
        messages=for_course(session, course_id),
        signature=signature(facts["signature"], tz),
        second=signature(facts["co_signature"], tz),
        wants_second=bool(rows.whose.wants_second),
        addenda=addenda(facts),
        seen=seen,
        log_seen=log_seen,
        last_course=last_course(rows),
        changes=changed_since(session, course_id, opened_at, tz) if opened_at else [],
    )


def _alerts(rows: CourseRows) -> list[OpenAlert]:
    numbers = {row.visit.id: row.visit.number for row in rows.visits}
    return open_among(rows.alerts, rows.whose.patient, numbers, rows.whose.site)
