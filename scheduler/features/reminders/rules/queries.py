"""Reading the rules and the clinic's own words, in an explicit order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.reminders.rules.kinds import PURPOSES, Kind, shipped
from scheduler.models import AuditEvent, MessageTemplate, Protocol, ReminderRule, Site, User
from scheduler.rendering.language import codes, load
from scheduler.rendering.words import Own

MOST = 10


@dataclass(frozen=True)
class RuleGroup:
    """The rules of one protocol, or for all the others (`protocol_id` None), the earliest reminder first."""

    protocol_id: int | None
    name: str
    rules: Sequence[ReminderRule]


@dataclass(frozen=True)
class Wording:
    """The words of one kind as they hold. `version` is 0 for those that ship, which have no `by` and `at`."""

    kind: Kind
    label: str
    language: str
    protocol: str
    own: Own
    version: int
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Saved:
    """One version of the words that somebody saved, or the return to those that ship (`own` None)."""

    at: datetime
    by: str
    own: Own | None


def protocols(session: Session) -> Sequence[Protocol]:
    """Those that courses are booked by, by name."""
    return session.scalars(
        select(Protocol).where(Protocol.archived_at.is_(None)).order_by(Protocol.name, Protocol.id)
    ).all()


def rule_groups(session: Session) -> list[RuleGroup]:
    """The rules for all first, then those of each protocol that has its own."""
    rows = session.execute(
        select(ReminderRule, Protocol.name)
        .outerjoin(Protocol, Protocol.id == ReminderRule.protocol_id)
        .order_by(Protocol.name, ReminderRule.days_before.desc(), ReminderRule.channel, ReminderRule.id)
    ).all()
    found: dict[int | None, RuleGroup] = {None: RuleGroup(None, "", [])}
    for rule, name in rows:
        group = found.setdefault(rule.protocol_id, RuleGroup(rule.protocol_id, name or "", []))
        found[rule.protocol_id] = RuleGroup(group.protocol_id, group.name, [*group.rules, rule])
    return list(found.values())


def sites_in_use(session: Session) -> Sequence[Site]:
    """The sites that messages speak for, by name."""
    return session.scalars(select(Site).where(Site.archived_at.is_(None)).order_by(Site.name, Site.id)).all()


def own_row(session: Session, kind: Kind, *, lock: bool = False) -> MessageTemplate | None:
    """The clinic's own words of exactly this kind."""
    statement = select(MessageTemplate).where(
        MessageTemplate.purpose == kind.purpose,
        MessageTemplate.channel == kind.channel,
        MessageTemplate.language == kind.language,
        MessageTemplate.protocol_id.is_(None)
        if kind.protocol_id is None
        else MessageTemplate.protocol_id == kind.protocol_id,
    )
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def wording(session: Session, kind: Kind) -> Wording:
    """What holds for one kind."""
    row = own_row(session, kind)
    name = session.scalar(select(Protocol.name).where(Protocol.id == kind.protocol_id)) or ""
    return _wording(session, kind, row, name)


def wordings(session: Session) -> list[Wording]:
    """Every kind for all protocols, then what was written for single ones."""
    kinds = [
        Kind(purpose, channel, code)
        for purpose, (_, channels) in PURPOSES.items()
        for channel in channels
        for code in codes()
    ]
    single = session.execute(
        select(MessageTemplate, Protocol.name)
        .join(Protocol, Protocol.id == MessageTemplate.protocol_id)
        .order_by(Protocol.name, MessageTemplate.purpose, MessageTemplate.channel, MessageTemplate.language)
    ).all()
    return [
        *(wording(session, kind) for kind in kinds),
        *(
            _wording(session, Kind(row.purpose, row.channel, row.language, row.protocol_id), row, name)
            for row, name in single
        ),
    ]


def saved_before(session: Session, kind: Kind) -> list[Saved]:
    """The newest versions, the newest first, from the audit trail."""
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.entity == "words", AuditEvent.action.in_(("words.saved", "words.reset")))
        .order_by(AuditEvent.id.desc())
    )
    about = [
        event
        for event in events
        if (event.detail["purpose"], event.detail["channel"], event.detail["language"])
        == (kind.purpose.value, kind.channel.value, kind.language)
        and event.detail["protocol"] == kind.protocol_id
    ]
    return [
        Saved(
            event.at,
            event.actor,
            Own(event.detail["body"], event.detail["subject"]) if event.action == "words.saved" else None,
        )
        for event in about[:MOST]
    ]


def _wording(session: Session, kind: Kind, row: MessageTemplate | None, protocol: str) -> Wording:
    label, language = PURPOSES[kind.purpose][0], load(kind.language).name
    if row is None:
        return Wording(kind, label, language, protocol, shipped(kind), 0)
    by = session.scalar(select(User.name).where(User.id == row.updated_by_id)) or "the system"
    own = Own(row.body, row.subject or "")
    return Wording(kind, label, language, protocol, own, row.version, by, row.updated_at)
