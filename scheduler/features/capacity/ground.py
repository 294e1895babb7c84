"""From the clinic's rows to the planner's structures: one planner for files, commands and pages.

Sites of one time zone are planned together. Public holidays become closures of their site, because
two sites of one zone may lie in regions with different holidays, or open on one. Ids become text, as the
planner's files have them. Visits are read as bare columns: a page that proposes dates reads thousands.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.errors import ConflictError
from scheduler.features.capacity.queries import closed_days, closures, consulting, duty_stretches
from scheduler.models import Chair as ChairRow
from scheduler.models import Duty, ProtocolVersion, Site
from scheduler.planning import (
    NO_CHAIR,
    Bookings,
    Chair,
    Clinic,
    Closure,
    Phase,
    Presence,
    Protocol,
    SessionType,
    Shift,
    wall_columns,
)
from scheduler.planning import Site as PlanSite

SLOT_MIN = 10
STANDING = """
    SELECT i.site_id, i.chair_id, {epoch}, c.protocol_version_id
    FROM infusions i JOIN courses c ON c.id = i.course_id
    WHERE i.site_id IN ({sites}) AND i.starts_at >= :first AND i.starts_at < :last
      AND i.status NOT IN ('missed', 'cancelled') AND i.chair_id IS NOT NULL
"""
LEFT_OUT = " AND i.id NOT IN ({ids})"
EPOCH = {"sqlite": "unixepoch(i.starts_at)", "postgresql": "extract(epoch FROM i.starts_at)::bigint"}


def known_versions(session: Session) -> Sequence[ProtocolVersion]:
    """Every version of every protocol: visits of old ones still stand beside new ones."""
    return session.scalars(select(ProtocolVersion).order_by(ProtocolVersion.id)).all()


def type_name(version_id: int) -> str:
    """The planner's name for the visits of a protocol version."""
    return str(version_id)


def is_retired(chair: ChairRow, zone: ZoneInfo, start: datetime) -> bool:
    """Whether the chair is out of use at `start`, which is local and naive."""
    return chair.retired_at is not None and chair.retired_at <= start.replace(tzinfo=zone)


def protocol_of(version: ProtocolVersion) -> Protocol:
    """The spacing rules of a protocol version, for the planner."""
    return Protocol(
        n=version.infusions,
        types=(type_name(version.id),) * version.infusions,
        gap_min=version.gap_min,
        gap_max=version.gap_max,
        gap_target=version.gap_target,
        span_min=version.span_min,
        span_max=version.span_max,
        recovery_gap_max=version.recovery_gap_max,
        recovery_span_max=version.recovery_span_max,
    )


def clinic_of(
    session: Session, sites: Sequence[Site], versions: Iterable[ProtocolVersion], first: date, last: date
) -> Clinic:
    """The capacity of `sites` (one time zone, hours and chairs loaded) from `first` to `last`, both included.

    `versions` are all protocol versions whose visits may stand in that time.
    """
    ids = [site.id for site in sites]
    duty = duty_stretches(session, ids, first, last)
    taken = consulting(session, ZoneInfo(sites[0].tz), first, last)
    return Clinic(
        tz=sites[0].tz,
        slot_min=SLOT_MIN,
        horizon_start=first,
        horizon_days=(last - first).days + 1,
        session_types=tuple(_type(version) for version in versions),
        sites=tuple(_site(site, _midnight(site.tz, first)) for site in sites),
        nurse_shifts=tuple(
            Shift(str(d.user_id), str(d.site_id), d.day, d.from_minute, d.to_minute, d.breaks)
            for d in duty
            if d.duty is Duty.NURSE
        ),
        clinician_presence=tuple(
            Presence(str(d.site_id), d.day, start, end, str(d.user_id))
            for d in duty
            if d.duty is Duty.CLINICIAN
            for start, end in without_breaks(
                d.from_minute, d.to_minute, (*d.breaks, *taken.get((d.user_id, d.day), ()))
            )
        ),
        closures=tuple(_closures(session, sites, first, last)),
        soft_load_pct=sites[0].soft_load_pct,
    )


def bookings_of(
    session: Session, clinic: Clinic, first: date, last: date, without: Collection[int] = ()
) -> Bookings:
    """The visits that stand at the clinic's sites from `first` to `last`, both included, as columns.

    `without` names visits (by id) to leave out: those that are about to go elsewhere.

    Raises ConflictError where a visit is of a protocol version that `clinic` does not know yet.
    """
    return as_bookings(clinic, standing_rows(session, clinic, first, last, without))


def as_bookings(clinic: Clinic, rows: Sequence[Sequence[int]]) -> Bookings:
    """The visits of `standing_rows` as columns. Raises ConflictError as `bookings_of` does."""
    if not rows:
        return Bookings.none()
    table = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=4 * len(rows))
    site, chair, epoch, version = table.reshape(-1, 4).T
    day, minute = wall_columns(clinic.zone, epoch)
    chairs = {int(chair.id): at for at, (_, chair) in enumerate(clinic.chairs)}
    kinds = _positions(version, {int(kind.name): at for at, kind in enumerate(clinic.session_types)})
    if (kinds < 0).any():
        raise ConflictError("A protocol was changed this very moment. Look again.")
    return Bookings(
        _positions(site, {int(s.id): at for at, s in enumerate(clinic.sites)}),
        _positions(chair, chairs),
        day,
        minute // SLOT_MIN,
        kinds,
    )


def standing_rows(
    session: Session, clinic: Clinic, first: date, last: date, without: Collection[int] = ()
) -> Sequence[Sequence[int]]:
    """(site id, chair id, start in seconds since 1970, protocol version id) of the visits that stand.

    The driver's own tuples: rows that know their column names cost three times as much as reading them.
    """
    connection = session.connection()
    dialect = connection.dialect.name
    begin, end = _midnight(clinic.tz, first), _midnight(clinic.tz, last + timedelta(days=1))
    bounds: dict[str, datetime | str] = {"first": begin, "last": end}
    if dialect == "sqlite":  # Instants are stored as naive UTC text there.
        bounds = {"first": _utc_text(begin), "last": _utc_text(end)}
    sites = ", ".join(str(int(site.id)) for site in clinic.sites)
    query = STANDING.format(epoch=EPOCH[dialect], sites=sites)
    if without:
        query += LEFT_OUT.format(ids=", ".join(str(int(each)) for each in without))
    result = connection.execute(text(query), bounds)
    rows: Sequence[Sequence[int]] = result.cursor.fetchall()
    result.close()
    return rows


def _positions(ids: np.ndarray, position: dict[int, int]) -> np.ndarray:
    """Each id's position; NO_CHAIR for one that is no longer in use."""
    table = np.full(int(ids.max()) + 1, NO_CHAIR, dtype=np.int32)
    for key, at in position.items():
        if key < len(table):
            table[key] = at
    return table[ids]


def _utc_text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _midnight(tz: str, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz))


def _type(version: ProtocolVersion) -> SessionType:
    phases = (Phase(p.name, p.minutes, p.nurse_load, p.clinician_present) for p in version.phases)
    return SessionType(type_name(version.id), tuple(phases))


def _site(site: Site, begin: datetime) -> PlanSite:
    hours: dict[int, tuple[tuple[int, int], ...]] = {}
    for row in site.hours:
        hours[row.weekday] = (*hours.get(row.weekday, ()), (row.from_minute, row.to_minute))
    chairs = tuple(
        Chair(str(chair.id), chair.chair_type)
        for chair in site.chairs
        if chair.retired_at is None or chair.retired_at > begin
    )
    return PlanSite(str(site.id), hours, chairs, turnover_slots=-(-site.turnover_minutes // SLOT_MIN))


def without_breaks(start: int, end: int, breaks: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """What is left of a stretch of minutes once the breaks are taken out, in order."""
    for low, high in sorted(breaks):
        if start < low:
            yield start, min(low, end)
        start = max(start, high)
    if start < end:
        yield start, end


def _closures(session: Session, sites: Sequence[Site], first: date, last: date) -> Iterable[Closure]:
    zone = ZoneInfo(sites[0].tz)
    begin, end = _midnight(sites[0].tz, first), _midnight(sites[0].tz, last + timedelta(days=1))
    for row in closures(session, [site.id for site in sites], begin, end):
        yield Closure(
            row.starts_at.astimezone(zone).replace(tzinfo=None),
            row.ends_at.astimezone(zone).replace(tzinfo=None),
            site=str(row.site_id),
            chair=str(row.chair_id) if row.chair_id else None,
            reason=row.reason,
        )
    for site in sites:
        yield from _retiring(site, zone, begin, end)
        for day, name in closed_days(session, site, first, last).items():
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time
            yield Closure(midnight, midnight + timedelta(days=1), site=str(site.id), reason=name)


def _retiring(site: Site, zone: ZoneInfo, begin: datetime, end: datetime) -> Iterable[Closure]:
    """A chair that is retired between `begin` and `end` is shut from that moment on."""
    last = end.astimezone(zone).replace(tzinfo=None)
    for chair in site.chairs:
        if chair.retired_at is not None and begin < chair.retired_at < end:
            since = chair.retired_at.astimezone(zone).replace(tzinfo=None)
            yield Closure(since, last, site=str(site.id), chair=str(chair.id), reason="Retired")
