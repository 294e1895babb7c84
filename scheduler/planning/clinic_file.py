"""The clinic file: JSON to a clinic and its bookings (PLANNING.md section 2)."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import (
    MINUTES_A_DAY,
    NURSE_UNITS,
    Chair,
    Clinic,
    Closure,
    Phase,
    Presence,
    SessionType,
    Shift,
    Site,
    Span,
)
from scheduler.planning.localtime import to_wall
from scheduler.planning.reading import Entry, load


def read_clinic(text: str, path: str = "clinic") -> tuple[Clinic, Bookings]:
    """A clinic file's clinic and bookings. Raises FormatError, whose line begins with `path`."""
    return clinic_of(load(text, path))


def clinic_of(top: Entry) -> tuple[Clinic, Bookings]:
    """The same from an entry, for files that hold a clinic inside."""
    slot_min = _slot_min(top.at("slot_min"))
    sites = _sites(top.at("sites"), slot_min)
    zone = _zone(top.at("tz"))
    known = {site.id: site for site in sites}
    clinic = Clinic(
        tz=zone.key,
        slot_min=slot_min,
        start_step_min=top.at("start_step_min").whole(1, MINUTES_A_DAY)
        if top.has("start_step_min")
        else None,
        horizon_start=top.at("horizon_start").day(),
        horizon_days=top.at("horizon_days").whole(1, 3660),
        soft_load_pct=top.at("soft_load_pct").whole(0, 1000) if top.has("soft_load_pct") else 80,
        session_types=_types(top.at("session_types"), slot_min),
        sites=sites,
        holidays=frozenset(entry.day() for entry in top.list_at("holidays")),
        closures=tuple(_closure(entry, zone, known) for entry in top.list_at("closures")),
        nurse_shifts=_shifts(top.at("nurse_shifts"), slot_min, known),
        clinician_presence=tuple(
            _presence(entry, slot_min, known) for entry in top.list_at("clinician_presence")
        ),
    )
    return clinic, _bookings(top.list_at("bookings"), clinic)


def wall(entry: Entry, zone: ZoneInfo) -> datetime:
    """A local date-time: as written, or converted where it has an offset."""
    when = entry.moment()
    return when if when.tzinfo is None else to_wall(zone, when)


def _slot_min(entry: Entry) -> int:
    slot_min = entry.whole(1, 240)
    if MINUTES_A_DAY % slot_min:
        raise entry.wrong("a number of minutes that divides the day")
    return slot_min


def _zone(entry: Entry) -> ZoneInfo:
    try:
        return ZoneInfo(entry.text())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise entry.wrong("a time zone such as Europe/Berlin") from None


def _types(top: Entry, slot_min: int) -> tuple[SessionType, ...]:
    types = tuple(
        SessionType(name, tuple(_phase(phase, slot_min) for phase in entry.at("phases").entries()))
        for name, entry in top.items()
    )
    for (_, entry), kind in zip(top.items(), types, strict=True):
        if not 0 < kind.minutes <= MINUTES_A_DAY:
            raise entry.at("phases").wrong("a list of phases that lasts up to a day")
    if not types:
        raise top.wrong("at least one kind of visit")
    return types


def _phase(entry: Entry, slot_min: int) -> Phase:
    minutes = entry.at("minutes").whole(0, MINUTES_A_DAY)
    if minutes % slot_min:
        raise entry.at("minutes").wrong(f"a multiple of {slot_min} minutes")
    return Phase(
        entry.at("name").text() if entry.has("name") else "",
        minutes,
        entry.at("nurse_load").whole(0, NURSE_UNITS),
        entry.at("clinician").flag() if entry.has("clinician") else False,
    )


def _sites(top: Entry, slot_min: int) -> tuple[Site, ...]:
    sites: dict[str, Site] = {}
    chairs: set[str] = set()
    for entry in top.entries():
        name = entry.at("id").text()
        if name in sites:
            raise entry.at("id").wrong("an id that no other site has")
        turnover = entry.at("turnover_slots").whole(0, MINUTES_A_DAY) if entry.has("turnover_slots") else 0
        sites[name] = Site(
            name, weekly(entry.at("hours"), slot_min), _chairs(entry.at("chairs"), chairs), turnover
        )
    if not sites:
        raise top.wrong("at least one site")
    return tuple(sites.values())


def _chairs(top: Entry, seen: set[str]) -> tuple[Chair, ...]:
    chairs = []
    for entry in top.entries():
        chair = Chair(entry.at("id").text(), entry.at("type").text() if entry.has("type") else "chair")
        if chair.id in seen:
            raise entry.at("id").wrong("an id that no other chair has")
        seen.add(chair.id)
        chairs.append(chair)
    return tuple(chairs)


def weekly(top: Entry, slot_min: int) -> Mapping[int, tuple[Span, ...]]:
    """Spans by weekday, "0" (Monday) to "6"."""
    week = {}
    for name, entry in top.items():
        if name not in tuple("0123456"):
            raise Entry(name, top.path).wrong('a weekday from "0" (Monday) to "6"')
        week[int(name)] = tuple(span.span(slot_min) for span in entry.entries())
    return week


def _closure(entry: Entry, zone: ZoneInfo, sites: Mapping[str, Site]) -> Closure:
    chairs = {chair.id: site for site in sites.values() for chair in site.chairs}
    start, end = wall(entry.at("from"), zone), wall(entry.at("to"), zone)
    if start >= end:
        raise entry.wrong("a closure that starts before it ends")
    return Closure(
        start,
        end,
        entry.at("site").one_of(sites, "a site of this clinic") if entry.has("site") else None,
        entry.at("chair").one_of(chairs, "a chair of this clinic") if entry.has("chair") else None,
        entry.at("reason").text() if entry.has("reason") and entry.value["reason"] != "" else "",
    )


def _shifts(top: Entry, slot_min: int, sites: Mapping[str, Site]) -> tuple[Shift, ...]:
    shifts = []
    duty: dict[tuple[str, date], list[tuple[Span, Entry]]] = {}
    for entry in top.entries():
        start, end = entry.from_to(slot_min)
        breaks = [pause.span(slot_min) for pause in entry.list_at("breaks")]
        edges = [start, *(minute for pause in sorted(breaks) for minute in pause), end]
        if edges != sorted(edges):
            raise entry.at("breaks").wrong("a list of breaks inside the shift that do not overlap")
        nurse, site = entry.at("nurse").text(), entry.at("site").one_of(sites, "a site of this clinic")
        shift = Shift(nurse, site, entry.at("date").day(), start, end, tuple(breaks))
        shifts.append(shift)
        duty.setdefault((shift.nurse, shift.day), []).append(((start, end), entry))
    for spans in duty.values():
        for (before, _), (after, entry) in pairwise(sorted(spans, key=lambda item: item[0])):
            if after[0] < before[1]:
                raise entry.wrong("a shift that does not overlap another one of the same nurse")
    return tuple(shifts)


def _presence(entry: Entry, slot_min: int, sites: Mapping[str, Site]) -> Presence:
    start, end = entry.from_to(slot_min)
    return Presence(
        entry.at("site").one_of(sites, "a site of this clinic"), entry.at("date").day(), start, end
    )


def _bookings(entries: list[Entry], clinic: Clinic) -> Bookings:
    return Bookings.of_columns(_booking(entry, clinic) for entry in entries)


def _booking(entry: Entry, clinic: Clinic) -> tuple[int, int, int, int, int]:
    site = clinic.site_index[entry.at("site").one_of(clinic.site_index, "a site of this clinic")]
    chair = clinic.chair_index[entry.at("chair").one_of(clinic.chair_index, "a chair of this clinic")]
    kind = clinic.kind(entry.at("type").one_of(clinic.type_index, "a kind of visit of this clinic"))
    if clinic.chairs[chair][0] != site:
        raise entry.at("chair").wrong("a chair of the booking's site")
    when = entry.at("start").moment()
    if when.tzinfo is None:
        raise entry.at("start").wrong("a date-time with Z or an offset")
    local = to_wall(clinic.zone, when)
    minute = local.hour * 60 + local.minute
    if minute % clinic.slot_min or local.second or local.microsecond:
        raise entry.at("start").wrong(f"a local time that is a multiple of {clinic.slot_min} minutes")
    if minute + kind.minutes > MINUTES_A_DAY:
        raise entry.at("start").wrong("a visit that ends by midnight")
    return site, chair, local.toordinal(), minute // clinic.slot_min, clinic.type_index[kind.name]
