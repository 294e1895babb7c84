"""Changing what a clinic decides about charting. A log that was begun keeps the limits it was begun with."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.audit import actions as audit
from scheduler.features.infusion_logs.queries.settings import active_items, seen_of
from scheduler.features.infusion_logs.rules import Rules, as_kept
from scheduler.models import ChartRules, DischargeItem, Protocol, Site

CHANGED = (
    "Somebody else changed this while you looked at it. What stands there now is below; change it again."
)


def save_rules(
    session: Session,
    actor: Actor,
    at: datetime,
    site_id: int,
    protocol_id: int | None,
    rules: Rules | None,
    seen: int,
) -> None:
    """Set the limits of a site, or of one protocol there; None goes back to the usual, or to the site's.

    Raises NotFoundError, and ConflictError where somebody else was faster.
    """
    _known(session, site_id, protocol_id)
    row = session.scalars(
        select(ChartRules)
        .where(ChartRules.site_id == site_id, ChartRules.protocol_id.is_not_distinct_from(protocol_id))
        .with_for_update()
    ).one_or_none()
    if (row.version if row else 0) != seen:
        raise ConflictError(CHANGED)
    if rules is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(ChartRules(site_id=site_id, protocol_id=protocol_id, **as_kept(rules)))
    else:
        row.version += 1
        for name, value in as_kept(rules).items():
            setattr(row, name, value)
    changes = as_kept(rules) if rules else {}
    audit.record(
        session, actor, at, "chart_rules.saved", "site", site_id, protocol=protocol_id, changes=changes
    )


def save_items(
    session: Session, actor: Actor, at: datetime, site_id: int, lines: Sequence[str], seen: str
) -> None:
    """Set a site's discharge list. An item that keeps its words stays the same; what is gone is archived.

    Raises NotFoundError, and ConflictError where somebody else was faster.
    """
    _known(session, site_id, None)
    items = active_items(session, site_id)
    if seen_of(items) != seen:
        raise ConflictError(CHANGED)
    by_words = {item.words: item for item in items}
    for position, words in enumerate(lines):
        item = by_words.pop(words, None)
        if item is None:
            item = DischargeItem(site_id=site_id, words=words)
            session.add(item)
        item.position = position
    for item in by_words.values():
        item.archived_at = at
    audit.record(session, actor, at, "discharge_list.saved", "site", site_id, items=len(lines))


def _known(session: Session, site_id: int, protocol_id: int | None) -> None:
    if session.get(Site, site_id, with_for_update=True) is None:
        raise NotFoundError("There is no such site.")
    if protocol_id is not None and session.get(Protocol, protocol_id) is None:
        raise NotFoundError("There is no such protocol.")
