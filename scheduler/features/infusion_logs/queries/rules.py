"""Which limits and which discharge list hold at a site."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.features.infusion_logs.fields import Field, check_field
from scheduler.features.infusion_logs.rules import USUAL_ITEMS, Rules
from scheduler.models import ChartRules, DischargeItem


def rules_of(session: Session, site_id: int, protocol_id: int) -> Rules:
    """The limits for a protocol at a site: its own, else the site's, else the usual."""
    row = session.scalars(
        select(ChartRules)
        .where(
            ChartRules.site_id == site_id,
            or_(ChartRules.protocol_id == protocol_id, ChartRules.protocol_id.is_(None)),
        )
        .order_by(ChartRules.protocol_id.is_(None))
        .limit(1)
    ).first()
    if row is None:
        return Rules()
    return Rules(
        row.start_sbp, row.start_dbp, row.act_sbp, row.act_dbp, row.during_minutes, row.after_minutes
    )


def checks_of(session: Session, site_id: int, answered: frozenset[str] = frozenset()) -> list[Field]:
    """The discharge list of a site as fields, the usual one where it has none of its own.

    What left the list stays where it was `answered`, by its key.
    """
    rows = session.scalars(
        select(DischargeItem)
        .where(DischargeItem.site_id == site_id)
        .order_by(DischargeItem.position, DischargeItem.id)
    ).all()
    own = any(row.archived_at is None for row in rows)
    usual = [(f"u{at}", words, not own) for at, words in enumerate(USUAL_ITEMS, 1)]
    items = [*usual, *((str(row.id), row.words, row.archived_at is None) for row in rows)]
    return [check_field(key, words) for key, words, asked in items if asked or key in answered]
