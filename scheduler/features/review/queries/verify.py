"""Whether everything signed is as it was signed: the bytes, the rows they tell of, what stands beside them.

Four things are held against each other. The digest has to be that of the bytes; the bytes have to be the
canonical form of what they say and name the signer of the row; the rows of the chart have to say the same
still; and the audit trail has to know the digest. Whoever goes past the triggers would have to change all of
them, and the trail is sealed on its own.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.review.fitting import COMPARED, misfits
from scheduler.features.review.queries.record import live_record, log_record
from scheduler.features.review.queries.rows import CourseRows
from scheduler.features.review.seals import addendum_digest, co_signature_digest
from scheduler.models import Addendum, AuditEvent, CoSignature, SignedRecord
from scheduler.rendering.canonical import Facts, canonical_bytes, digest_of, plain

COURSE_SIGNED, LOG_SIGNED = "course_log.signed", "infusion_log.signed"
ADDENDUM, CO_SIGNED = "course_log.addendum", "course_log.co_signed"
REMOVED = "record.removed"
"""A person's record was deleted when its time was over: the trail says which digests went with it."""


@dataclass(frozen=True)
class Misfit:
    """One thing that does not fit; `what` says where, never a value."""

    where: str
    what: str


@dataclass(frozen=True)
class Verified:
    """How many records, addenda and second signatures were looked at, and what does not fit."""

    records: int
    beside: int
    misfits: tuple[Misfit, ...]


def verify(session: Session) -> Verified:
    """Look at everything that was signed."""
    trail = _trail(session)
    records: dict[int, list[SignedRecord]] = defaultdict(list)
    for row in session.scalars(select(SignedRecord).order_by(SignedRecord.course_id, SignedRecord.id)):
        records[row.course_id].append(row)
    found = [misfit for rows in records.values() for misfit in _course(session, rows, trail)]
    digests = {row.id: row.digest for rows in records.values() for row in rows}
    beside = [*_addenda(session, digests, trail), *_second(session, digests, trail)]
    found += [misfit for misfit in beside if misfit is not None]
    found += _lost(trail)
    return Verified(len(digests), len(beside), tuple(found))


Trail = dict[tuple[str, int], set[str]]


def _trail(session: Session) -> Trail:
    """The digests that the audit trail knows, by deed and id; what is found is taken out."""
    found: Trail = defaultdict(set)
    rows = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action.in_([COURSE_SIGNED, LOG_SIGNED, ADDENDUM, CO_SIGNED]))
        .order_by(AuditEvent.id)
    )
    for row in rows:
        found[row.action, row.entity_id or 0].add(str(row.detail.get("digest")))
    removed = select(AuditEvent.detail).where(AuditEvent.action == REMOVED).order_by(AuditEvent.id)
    gone = {digest for detail in session.scalars(removed) for digest in detail["digests"]}
    return defaultdict(set, {key: digests - gone for key, digests in found.items()})


def _course(session: Session, rows: list[SignedRecord], trail: Trail) -> Iterator[Misfit]:
    course_id = rows[0].course_id
    where = f"Course {course_id}"
    at = next((row.signed_at for row in rows if row.infusion_id is None), rows[-1].signed_at)
    live = live_record(CourseRows(session, course_id), at)
    for row in rows:
        name = _name(row)
        known = trail[
            (COURSE_SIGNED, course_id) if row.infusion_id is None else (LOG_SIGNED, row.infusion_id)
        ]
        if row.digest not in known:
            yield Misfit(where, f"{name}: the audit trail does not know its digest")
        known.discard(row.digest)
        try:
            facts = _read(row)
        except ValueError as error:
            yield Misfit(where, f"{name}: {error}")
            continue
        for path in _against_rows(row, facts, live):
            yield Misfit(where, f"{name}: {path} is not as it was signed")


def _name(row: SignedRecord) -> str:
    return "the course log" if row.infusion_id is None else f"the log of visit {row.infusion_id}"


def _read(row: SignedRecord) -> Facts:
    """What a record says. Raises ValueError where its bytes are not what was signed."""
    body = row.record.encode()
    if digest_of(body) != row.digest:
        raise ValueError("its bytes do not have its digest")
    facts: Facts = json.loads(body)
    if canonical_bytes(facts) != body:
        raise ValueError("its bytes are not canonical")
    by = {"id": row.signed_by_id, "name": row.signed_name}
    if facts["signed_by"] != by or facts["signed_at"] != plain(row.signed_at):
        raise ValueError("it names another signature than its row")
    visit = facts.get("visit")
    if facts["course"]["id"] != row.course_id or (visit and visit["id"]) != row.infusion_id:
        raise ValueError("it speaks of another course or visit than its row")
    return facts


def _against_rows(row: SignedRecord, facts: Facts, live: Facts) -> list[str]:
    if row.infusion_id is None:
        return misfits(facts, live, COMPARED)
    if not any(visit["id"] == row.infusion_id for visit in live["visits"]):
        return ["the visit"]
    return misfits(facts["visit"], log_record(live, row.infusion_id)["visit"], ("log",))


def _addenda(session: Session, digests: dict[int, str], trail: Trail) -> Iterator[Misfit | None]:
    for row in session.scalars(select(Addendum).order_by(Addendum.id)):
        yield _beside(
            row, addendum_digest(row, digests[row.signed_record_id]), row.course_id, ADDENDUM, trail
        )


def _second(session: Session, digests: dict[int, str], trail: Trail) -> Iterator[Misfit | None]:
    rows = session.execute(
        select(CoSignature, SignedRecord.course_id)
        .join(SignedRecord, SignedRecord.id == CoSignature.signed_record_id)
        .order_by(CoSignature.id)
    )
    for row, course_id in rows:
        yield _beside(
            row, co_signature_digest(row, digests[row.signed_record_id]), course_id, CO_SIGNED, trail
        )


def _beside(
    row: Addendum | CoSignature, digest: str, course_id: int, action: str, trail: Trail
) -> Misfit | None:
    name = f"addendum {row.id}" if action == ADDENDUM else "the second signature"
    known = trail[action, course_id]
    is_known = row.digest in known
    known.discard(row.digest)
    if digest != row.digest:
        return Misfit(f"Course {course_id}", f"{name}: it does not have its digest")
    what = f"{name}: the audit trail does not know its digest"
    return None if is_known else Misfit(f"Course {course_id}", what)


def _lost(trail: Trail) -> Iterator[Misfit]:
    """What the trail knows and no table holds any more."""
    for (action, entity_id), digests in sorted(trail.items()):
        for _ in digests:
            where = f"{'Visit' if action == LOG_SIGNED else 'Course'} {entity_id}"
            yield Misfit(where, f"{action}: what was signed is gone")
