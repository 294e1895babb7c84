"""The request file: JSON to a request for one course (PLANNING.md section 2)."""

from dataclasses import fields

from scheduler.planning.clinic import Clinic
from scheduler.planning.clinic_file import wall, weekly
from scheduler.planning.reading import Entry, load
from scheduler.planning.request import Availability, Blackout, Preference, Protocol, Request, Weights

_MOST_VISITS = 60
_MOST_DAYS = 1000
_MOST_WEIGHT = 1_000_000


def read_request(text: str, clinic: Clinic, path: str = "request") -> Request:
    """A request file against its clinic. Raises FormatError, whose line begins with `path`."""
    top = load(text, path)
    protocol = protocol_of(top.at("protocol"), clinic)
    request = Request(
        id=str(top.value.get("id", "")),
        sites=_request_sites(top.at("sites"), clinic),
        chair_type=top.at("chair_type").text() if top.has("chair_type") else None,
        protocol=protocol,
        first_day_min=top.at("first_day_min").day(),
        first_day_max=top.at("first_day_max").day(),
        availability=availability_of(top.at("availability"), clinic),
        preference=preference_of(top.at("preference")) if top.has("preference") else Preference(),
        weights=weights_of(top.at("weights")) if top.has("weights") else Weights(),
    )
    if request.first_day_max < request.first_day_min:
        raise top.at("first_day_max").wrong("a day not before first_day_min")
    if (request.first_day_max - request.first_day_min).days > _MOST_DAYS:
        raise top.at("first_day_max").wrong(f"a day at most {_MOST_DAYS} days after first_day_min")
    return request


def protocol_of(entry: Entry, clinic: Clinic) -> Protocol:
    """The protocol, its kinds of visit known to the clinic."""
    n = entry.at("n").whole(1, _MOST_VISITS)
    types = tuple(
        kind.one_of(clinic.type_index, "a kind of visit of this clinic")
        for kind in entry.at("types").entries()
    )
    if len(types) != n:
        raise entry.at("types").wrong(f"a list of {n} kinds of visit")
    days = {name: entry.at(name).whole(low, _MOST_DAYS) for name, low in _BOUNDS.items()}
    for name, low in (("gap_max", "gap_min"), ("span_max", "span_min")):
        if days[name] < days[low]:
            raise entry.at(name).wrong(f"a number of days not below {low}")
    later = {name: entry.at(name).whole(1, _MOST_DAYS) for name in _RECOVERY if entry.has(name)}
    return Protocol(n=n, types=types, **days, **later)


_BOUNDS = {"gap_min": 1, "gap_max": 1, "gap_target": 0, "span_min": 0, "span_max": 1}
_RECOVERY = ("recovery_gap_max", "recovery_span_max")


def availability_of(entry: Entry, clinic: Clinic) -> Availability:
    """Weekly windows and blackouts."""
    return Availability(
        weekly(entry.at("weekly"), clinic.slot_min),
        tuple(_blackout(item, clinic) for item in entry.list_at("blackouts")),
    )


def _blackout(entry: Entry, clinic: Clinic) -> Blackout:
    start, end = wall(entry.at("from"), clinic.zone), wall(entry.at("to"), clinic.zone)
    if start >= end:
        raise entry.wrong("a blackout that starts before it ends")
    return Blackout(start, end)


def preference_of(entry: Entry) -> Preference:
    """The preferred window of start times and the weekdays to avoid."""
    window = None
    if entry.has("window"):
        pair = entry.at("window").entries()
        if len(pair) != 2 or pair[0].minute() > pair[1].minute():
            raise entry.at("window").wrong("a list of two times, the earlier first,")
        window = pair[0].minute(), pair[1].minute()
    avoid = frozenset(day.whole(0, 6) for day in entry.list_at("avoid_weekdays"))
    return Preference(window, avoid)


def weights_of(entry: Entry) -> Weights:
    """The weights; one that is not given has its default."""
    names = [field.name for field in fields(Weights) if entry.has(field.name)]
    return Weights(**{name: entry.at(name).whole(0, _MOST_WEIGHT) for name in names})


def _request_sites(top: Entry, clinic: Clinic) -> tuple[str, ...]:
    sites = tuple(entry.one_of(clinic.site_index, "a site of this clinic") for entry in top.entries())
    if not sites or len(set(sites)) != len(sites):
        raise top.wrong("a list of different sites")
    return sites
