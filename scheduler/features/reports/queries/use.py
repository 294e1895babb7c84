"""How full chairs and nurses were or will be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import clinic_of, known_versions
from scheduler.features.reports.cover import Cover
from scheduler.features.reports.grid import Slots, Starts, Use, by_hour, by_slot, by_week
from scheduler.features.reports.queries.sql import STANDS, bounds, columns, epoch
from scheduler.models import ProtocolVersion, Site
from scheduler.planning import prepare, wall_columns

QUERY = """
    SELECT {epoch}, c.protocol_version_id, count(*)
    FROM infusions i JOIN courses c ON c.id = i.course_id
    WHERE i.site_id = :site AND i.starts_at >= :first AND i.starts_at < :last
      AND {stands} AND i.chair_id IS NOT NULL
    GROUP BY 1, 2
"""


@dataclass(frozen=True, eq=False)
class UseReport:
    """The use by weekday and hour, and by week with the Monday and the visits of each."""

    hours: Use
    weeks: Use
    mondays: tuple[date, ...]
    visits: tuple[int, ...]


def use_report(session: Session, cover: Cover) -> UseReport:
    """Count all sites of `cover`, each by its own clock."""
    versions = known_versions(session)
    weekday = cover.first.weekday()
    tables = [_site_use(session, site, cover, versions) for site in cover.sites]
    whole = reduce(lambda one, other: (one[0].plus(other[0]), one[1] + other[1]), tables)
    weeks = (np.arange(cover.days) + weekday) // 7
    visits = np.bincount(weeks, whole[1]).astype(int)
    monday = cover.first - timedelta(days=weekday)
    return UseReport(
        by_hour(whole[0], weekday),
        by_week(whole[0], weekday),
        tuple(monday + timedelta(weeks=at) for at in range(len(visits))),
        tuple(int(many) for many in visits),
    )


def _site_use(
    session: Session, site: Site, cover: Cover, versions: Sequence[ProtocolVersion]
) -> tuple[Use, Slots]:
    """The use by day and slot of one site, and how many visits each day has."""
    clinic = clinic_of(session, [site], versions, cover.first, cover.last)
    ground = prepare(clinic)
    query = QUERY.format(epoch=epoch(session, "i.starts_at"), stands=STANDS)
    seconds, kind, many = columns(session, query, bounds(session, site, cover), 3)
    ordinal, minute = wall_columns(ZoneInfo(site.tz), seconds)
    day = ordinal.astype(np.int64) - ground.first
    starts = Starts(day, minute.astype(np.int64) // clinic.slot_min, kind, many)
    kinds = {int(each.name): each for each in clinic.session_types}
    visits = np.bincount(day, many, cover.days).astype(np.int64)
    return by_slot(ground, starts, kinds), visits
