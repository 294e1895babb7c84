"""The clinic's own list of what to have ready: added, worded, put in order, archived.

Nothing is deleted: what was ticked for past visits keeps its words. A new clinic begins with the two that
every protocol asks for (CLINICAL.md, section 2: an adult who takes the patient home and no driving until the
next day; solids at least 6 hours and clear liquids at least 2 hours before), in every language there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.capacity.actions.stale import refuse_stale
from scheduler.models import PreparationItem, Protocol
from scheduler.rendering.language import codes, load

PRESETS = (("Escort", "escort"), ("Fasting", "fasting"))
GONE = "There is no such item. It may have been an old address."


@dataclass(frozen=True)
class ItemFacts:
    """What an item says: for one protocol or for all (None), the desk's name of it, and words by language."""

    protocol_id: int | None
    label: str
    words: Mapping[str, str]


def all_items(session: Session) -> Sequence[PreparationItem]:
    """The list in order, with what is archived at its end."""
    return session.scalars(
        select(PreparationItem).order_by(
            PreparationItem.archived_at.is_not(None), PreparationItem.position, PreparationItem.id
        )
    ).all()


def item_of(session: Session, item_id: int, *, lock: bool = False) -> PreparationItem:
    """One item; with `lock` for whoever changes it. Raises NotFoundError."""
    found = session.get(PreparationItem, item_id, with_for_update=lock)
    if found is None:
        raise NotFoundError(GONE)
    return found


def add_item(session: Session, actor: Actor, at: datetime, facts: ItemFacts) -> PreparationItem:
    """Put an item at the end of the list."""
    _known(session, facts)
    last = session.scalar(select(func.max(PreparationItem.position))) or 0
    found = PreparationItem(position=last + 1, **_values(facts))
    session.add(found)
    session.flush()
    record(session, actor, at, "preparation.added", "preparation", found.id, label=facts.label)
    return found


def change_item(
    session: Session, actor: Actor, at: datetime, item_id: int, facts: ItemFacts, seen: int
) -> None:
    """Word an item anew over the version that the person saw; its ticks stay.

    Raises NotFoundError, and ConflictError with `stale` where somebody else saved other words first.
    """
    _known(session, facts)
    found = item_of(session, item_id, lock=True)
    old, new = form_of(found), form_of(facts)
    refuse_stale(session, "preparation", item_id, (seen, found.version), old, new)
    changed = sorted(name for name in new if new[name] != old.get(name))
    if not changed:
        return
    for name, value in _values(facts).items():
        setattr(found, name, value)
    found.version += 1
    session.flush()
    record(
        session,
        actor,
        at,
        "preparation.changed",
        "preparation",
        item_id,
        label=facts.label,
        fields=changed,
        version=found.version,
    )


def form_of(facts: ItemFacts | PreparationItem) -> dict[str, str]:
    """The values of an item's form, by field: its name, its protocol, its words in each language."""
    words = {f"words_{code}": facts.words.get(code, "") for code in codes()}
    return {"label": facts.label, "protocol": str(facts.protocol_id or ""), **words}


def shift_item(session: Session, actor: Actor, at: datetime, item_id: int, by: int) -> None:
    """Move an item one place up (-1) or down (1); at the end of the list it stays. Raises NotFoundError."""
    item_of(session, item_id)
    order = [item for item in all_items(session) if item.archived_at is None]
    here = next((place for place, item in enumerate(order) if item.id == item_id), None)
    if here is None or not 0 <= here + by < len(order):
        return
    order.insert(here + by, order.pop(here))
    for place, item in enumerate(order, 1):
        item.position = place
    session.flush()
    record(session, actor, at, "preparation.ordered", "preparation", item_id)


def put_away(session: Session, actor: Actor, at: datetime, item_id: int, away: bool) -> PreparationItem:
    """Take an item off the lists of all visits, or put it back. Raises NotFoundError."""
    found = item_of(session, item_id)
    if (found.archived_at is not None) != away:
        found.archived_at = at if away else None
        session.flush()
        deed = "preparation.archived" if away else "preparation.restored"
        record(session, actor, at, deed, "preparation", item_id)
    return found


def install_list(session: Session, actor: Actor, at: datetime) -> None:
    """Give a clinic without a list the usual one."""
    if session.scalar(select(PreparationItem.id).limit(1)) is not None:
        return
    for label, key in PRESETS:
        words = {code: load(code).say(f"preparation.{key}") for code in codes()}
        add_item(session, actor, at, ItemFacts(None, label, words))


def _values(facts: ItemFacts) -> dict[str, object]:
    return {"protocol_id": facts.protocol_id, "label": facts.label, "words": dict(facts.words)}


def _known(session: Session, facts: ItemFacts) -> None:
    if facts.protocol_id is not None and session.get(Protocol, facts.protocol_id) is None:
        raise RuleError("Choose one of the protocols, or all of them.", field="protocol")
