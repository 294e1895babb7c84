"""Protocols: added, changed by a new version, put in order and put away.

A version is never changed: the courses that run by it keep it. A new name, order or place does not touch
the rules, so it makes no version.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.capacity.actions.stale import refuse_stale
from scheduler.models import Protocol, ProtocolPhase, ProtocolVersion

MOST_MINUTES = 600
SMALLER = "Dates that are made up can't have less room than the others."
TOO_LONG = "A visit takes at most ten hours. Make its phases shorter."


@dataclass(frozen=True)
class PhaseFacts:
    """One stretch of a visit."""

    name: str
    minutes: int
    patients_per_nurse: int
    clinician_present: bool


@dataclass(frozen=True)
class ProtocolFacts:
    """A protocol as people describe it; days are calendar days at the clinic, the span counts both ends."""

    name: str
    site_ids: tuple[int, ...]
    infusions: int
    gap_min: int
    gap_target: int
    gap_max: int
    span_min: int
    span_max: int
    recovery_gap_max: int
    recovery_span_max: int
    chair_type: str | None
    phases: tuple[PhaseFacts, ...]


OWN = ("name", "site_ids")
RULES = tuple(each.name for each in fields(ProtocolFacts) if each.name not in (*OWN, "phases"))


def add_protocol(session: Session, actor: Actor, at: datetime, facts: ProtocolFacts) -> Protocol:
    """A new protocol at the end of the list. Raises RuleError, with its field, for rules that can't hold."""
    check(facts)
    _refuse_taken(session, facts.name, None)
    last = session.scalar(select(func.max(Protocol.position)))
    row = Protocol(name=facts.name, site_ids=list(facts.site_ids), position=0 if last is None else last + 1)
    session.add(row)
    session.flush()
    session.add(version_row(facts, row, 1, actor, at))
    session.flush()
    record(session, actor, at, "protocol.created", "protocol", row.id, version=row.revision)
    return row


def change_protocol(
    session: Session, actor: Actor, at: datetime, protocol_id: int, facts: ProtocolFacts, seen: int
) -> None:
    """Save over the revision that the person saw; other rules become a new version.

    Raises RuleError for rules that can't hold, ConflictError with `stale` where somebody else saved first.
    """
    check(facts)
    row = protocol_of(session, protocol_id)
    newest = row.versions[0]
    old, new = asdict(facts_of(row)), asdict(facts)
    refuse_stale(session, "protocol", row.id, (seen, row.revision), old, new)
    _refuse_taken(session, facts.name, row.id)
    changed = [name for name in new if new[name] != old[name]]
    if not changed:
        return
    row.name, row.site_ids = facts.name, list(facts.site_ids)
    row.revision += 1
    if set(changed) - set(OWN):
        session.add(version_row(facts, row, newest.version + 1, actor, at))
    session.flush()
    session.expire(row, ["versions"])
    record(session, actor, at, "protocol.changed", "protocol", row.id, fields=changed, version=row.revision)


def shift_protocol(session: Session, actor: Actor, at: datetime, protocol_id: int, by: int) -> None:
    """One place up (-1) or down (1) in the list that people choose from."""
    row = protocol_of(session, protocol_id)
    order: list[Protocol] = list(
        session.scalars(
            select(Protocol).where(Protocol.archived_at.is_(None)).order_by(Protocol.position, Protocol.name)
        )
    )
    old = order.index(row) if row in order else -1
    new = old + by
    if old < 0 or not 0 <= new < len(order):
        return
    order[old], order[new] = order[new], order[old]
    for position, each in enumerate(order):
        each.position = position
    session.flush()
    record(session, actor, at, "protocol.ordered", "protocol", row.id, place=new + 1)


def archive_protocol(session: Session, actor: Actor, at: datetime, protocol_id: int) -> None:
    """No new course begins by it; running ones go on."""
    row = protocol_of(session, protocol_id)
    if row.archived_at is not None:
        raise ConflictError(f"{row.name} is not offered any more already.")
    row.archived_at = at
    session.flush()
    record(session, actor, at, "protocol.archived", "protocol", row.id)


def restore_protocol(session: Session, actor: Actor, at: datetime, protocol_id: int) -> None:
    """Offer it again."""
    row = protocol_of(session, protocol_id)
    if row.archived_at is None:
        raise ConflictError(f"{row.name} is offered already.")
    row.archived_at = None
    session.flush()
    record(session, actor, at, "protocol.restored", "protocol", row.id)


def protocol_of(session: Session, protocol_id: int) -> Protocol:
    """One protocol, offered or not. Raises NotFoundError."""
    row = session.get(Protocol, protocol_id)
    if row is None or not row.versions:
        raise NotFoundError("There is no such protocol. Choose one from the list.")
    return row


def facts_of(row: Protocol) -> ProtocolFacts:
    """The protocol with the rules of its newest version."""
    newest = row.versions[0]
    rules = {name: getattr(newest, name) for name in RULES}
    return ProtocolFacts(name=row.name, site_ids=tuple(row.site_ids), phases=_phases_of(newest), **rules)


def version_row(
    facts: ProtocolFacts, protocol: Protocol | None, number: int, actor: Actor, at: datetime
) -> ProtocolVersion:
    """The rules as a version; without a protocol it is for looking at and never saved."""
    rules = {name: getattr(facts, name) for name in RULES}
    return ProtocolVersion(
        protocol_id=protocol.id if protocol else None,
        version=number,
        created_at=at,
        created_by_id=actor.user_id,
        rating_plan=protocol.versions[0].rating_plan if protocol and protocol.versions else None,
        phases=[ProtocolPhase(position=place, **asdict(phase)) for place, phase in enumerate(facts.phases)],
        **rules,
    )


def check(facts: ProtocolFacts) -> None:
    """Raise RuleError, with the field, where the rules contradict each other."""
    gaps = facts.infusions - 1
    least, most = gaps * facts.gap_min + 1, gaps * facts.gap_max + 1
    for holds, name, sentence in (
        (facts.gap_min <= facts.gap_target, "gap_target", "The best distance is less than the least."),
        (facts.gap_target <= facts.gap_max, "gap_max", "The greatest distance is less than the best."),
        (facts.span_min <= facts.span_max, "span_max", "The course would have to end before it may."),
        (least <= facts.span_max, "span_max", f"At the least distances the course takes {least} days."),
        (most >= facts.span_min, "span_min", f"At the greatest distances the course takes {most} days."),
        (facts.recovery_gap_max >= facts.gap_max, "recovery_gap_max", SMALLER),
        (facts.recovery_span_max >= facts.span_max, "recovery_span_max", SMALLER),
        (bool(facts.phases), "phase0_name", "A visit has at least one phase. Name it."),
        (sum(phase.minutes for phase in facts.phases) <= MOST_MINUTES, "phase0_minutes", TOO_LONG),
    ):
        if not holds:
            way_out = "" if name.startswith("phase") else " Change one of the two."
            raise RuleError(sentence + way_out, field=name)


def _phases_of(version: ProtocolVersion) -> tuple[PhaseFacts, ...]:
    phases: Sequence[ProtocolPhase] = version.phases
    return tuple(
        PhaseFacts(each.name, each.minutes, each.patients_per_nurse, each.clinician_present)
        for each in phases
    )


def _refuse_taken(session: Session, name: str, own: int | None) -> None:
    taken = select(Protocol.id).where(Protocol.name == name, Protocol.id != (own or 0)).limit(1)
    if session.scalar(taken) is not None:
        raise RuleError(f"Another protocol is called {name}. Choose another name.", field="name")
