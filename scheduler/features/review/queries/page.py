"""Everything that the page of a course log shows, in a number of queries that no course makes larger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.outbox.queries import MessageLine, for_course
from scheduler.features.ratings.cognition.queries import CourseTasks, course_tasks
from scheduler.features.review.canonical import Facts, facts_digest
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
from scheduler.features.review.progress import CourseProgress, progress_of
from scheduler.features.review.queries.course import lacking_ratings
from scheduler.features.review.queries.people import people
from scheduler.features.review.queries.record import live_record, log_record, signed_facts
from scheduler.features.review.queries.signed import beside, signed_of
from scheduler.features.review.queries.since import Change, changed_since
from scheduler.features.review.queries.standing import standing_of, wants_second
from scheduler.features.tasks.alerts import OpenAlert, open_alerts_of


@dataclass(frozen=True)
class CourseLog:
    """One course on one page; times at the site. `seen` is the digest of the facts on it, which whoever signs
    sends back, `log_seen` the same for each log that waits for a signature, by infusion id.
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
    who = people(session)
    signed = signed_of(session, course_id)
    lacks = lacking_ratings(session, course_id, now)
    live = live_record(session, course_id, now, who, lacks)
    own = signed.get(None)
    facts = {**(signed_facts(own) if own else live), **beside(session, course_id, signed, who)}
    standing = standing_of(session, course_id, lacks)
    tz = facts["site"]["tz"]
    waits = [] if own else [key for key, state in standing.logs.items() if state == "complete"]
    return CourseLog(
        facts=facts,
        progress=progress_of(session, course_id, now),
        tasks=course_tasks(session, course_id),
        stops=stops(facts, standing.logs),
        items=[] if own else completeness(facts, standing),
        gaps=gaps(facts),
        lost=lost_ratings(facts),
        alerts=open_alerts_of(session, course_id),
        messages=for_course(session, course_id),
        signature=signature(facts["signature"], tz),
        second=signature(facts["co_signature"], tz),
        wants_second=wants_second(session, live["site"]["id"]),
        addenda=addenda(facts),
        seen=facts_digest(live),
        log_seen={key: facts_digest(log_record(live, key)) for key in waits},
        changes=changed_since(session, course_id, opened_at, tz) if opened_at else [],
    )
