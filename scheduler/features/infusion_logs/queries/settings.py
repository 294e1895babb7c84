"""What each site decided about charting, for the page that changes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.infusion_logs.rules import USUAL_ITEMS, Rules
from scheduler.models import ChartRules, DischargeItem, Protocol, Site


@dataclass(frozen=True)
class RulesLine:
    """The limits of a site, or of one protocol there; `version` 0 says that they are the usual ones."""

    protocol_id: int | None
    protocol: str
    rules: Rules
    version: int


@dataclass(frozen=True)
class SiteCharting:
    """One site: its limits, those of protocols that have their own, its discharge list."""

    site_id: int
    site: str
    lines: Sequence[RulesLine]
    items: Sequence[str]
    seen: str


def charting_of_sites(session: Session) -> list[SiteCharting]:
    """All sites in use, by name."""
    sites = session.execute(
        select(Site.id, Site.name).where(Site.archived_at.is_(None)).order_by(Site.name, Site.id)
    ).all()
    return [
        SiteCharting(site_id, name, _lines(session, site_id), *_list(active_items(session, site_id)))
        for site_id, name in sites
    ]


def protocols(session: Session) -> list[tuple[int, str]]:
    """Protocols in use, for a choice."""
    rows = session.execute(
        select(Protocol.id, Protocol.name)
        .where(Protocol.archived_at.is_(None))
        .order_by(Protocol.position, Protocol.id)
    )
    return [(number, name) for number, name in rows]


def active_items(session: Session, site_id: int) -> list[DischargeItem]:
    """The site's own discharge list, in its order."""
    return list(
        session.scalars(
            select(DischargeItem)
            .where(DischargeItem.site_id == site_id, DischargeItem.archived_at.is_(None))
            .order_by(DischargeItem.position, DischargeItem.id)
        )
    )


def seen_of(items: Sequence[DischargeItem]) -> str:
    """What tells one state of a list from another."""
    return "-".join(str(item.id) for item in items)


def _list(items: Sequence[DischargeItem]) -> tuple[Sequence[str], str]:
    return ([item.words for item in items] or USUAL_ITEMS), seen_of(items)


def _lines(session: Session, site_id: int) -> list[RulesLine]:
    rows = session.execute(
        select(ChartRules, Protocol.name)
        .outerjoin(Protocol, Protocol.id == ChartRules.protocol_id)
        .where(ChartRules.site_id == site_id)
        .order_by(ChartRules.protocol_id.is_not(None), Protocol.position, ChartRules.id)
    ).all()
    found = [
        RulesLine(
            row.protocol_id,
            name or "All protocols",
            Rules(
                row.start_sbp, row.start_dbp, row.act_sbp, row.act_dbp, row.during_minutes, row.after_minutes
            ),
            row.version,
        )
        for row, name in rows
    ]
    if not found or found[0].protocol_id is not None:
        found.insert(0, RulesLine(None, "All protocols", Rules(), 0))
    return found
