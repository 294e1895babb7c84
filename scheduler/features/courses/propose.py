"""From a search to ranked sets of dates: reads capacity and visits, and lets the planner decide.

Sites of different time zones are planned apart, because a gap is counted in local days, and merged by
objective. What the planner worked on (`Scene`) is kept for the page, which tells from it how far each
visit can move and what a change would break.

Days on which the patient has another visit, and the part of today that is over, are closures of the scene and
not blackouts of the patient: no relaxation may give them back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import bookings_of, clinic_of, known_versions
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.courses.bending import bent_protocol
from scheduler.features.courses.recheck import own_days
from scheduler.features.courses.wishes import Wishes
from scheduler.models import ProtocolVersion, Site
from scheduler.planning import (
    Bookings,
    Clinic,
    Closure,
    Explanation,
    Field,
    Proposal,
    Request,
    explain,
    prepare,
    propose,
    relaxed_window,
    survey,
    window,
)

COUNT = 3
OWN_VISIT = "the patient has another visit that day"
OVER = "that time is over"


@dataclass(frozen=True)
class Search:
    """What is looked for. `sites` are the allowed ones; the first visit lies from `first` to `until`.

    `bend` names the relaxation of the protocol that a clinician allows, "" for none.
    """

    patient_id: int
    version: ProtocolVersion
    sites: tuple[Site, ...]
    first: date
    until: date
    wishes: Wishes
    bend: str = ""


@dataclass(frozen=True)
class Scene:
    """What the planner saw of the sites of one time zone."""

    sites: tuple[Site, ...]
    clinic: Clinic
    bookings: Bookings
    request: Request
    field: Field

    @property
    def zone(self) -> ZoneInfo:
        """The sites' time zone."""
        return self.clinic.zone


@dataclass(frozen=True)
class Offer:
    """One proposal with the scene it belongs to."""

    scene: Scene
    proposal: Proposal


@dataclass(frozen=True)
class Outcome:
    """Ranked offers; where there is none, why, by scene."""

    scenes: tuple[Scene, ...]
    offers: tuple[Offer, ...]
    explanations: tuple[Explanation, ...] = ()


def scenes_for(session: Session, now: datetime, search: Search) -> tuple[Scene, ...]:
    """Everything the planner needs, read once, for each time zone among the sites."""
    by_zone = groupby(sorted(search.sites, key=lambda site: site.tz), key=lambda site: site.tz)
    return tuple(_scene(session, now, search, tuple(sites)) for _, sites in by_zone)


def propose_courses(session: Session, now: datetime, search: Search) -> Outcome:
    """Up to three complete sets that differ in a way that matters, best first; or the explanation."""
    scenes = scenes_for(session, now, search)
    offers = [Offer(scene, proposal) for scene in scenes for proposal in propose(scene.field, COUNT)]
    offers.sort(key=lambda offer: offer.proposal.plan.objective)
    if offers:
        return Outcome(scenes, tuple(offers[:COUNT]))
    return Outcome(scenes, (), tuple(_explain(session, now, search, scene) for scene in scenes))


def request_of(search: Search, sites: Sequence[Site]) -> Request:
    """The search as the planner takes it, for sites of one time zone, unbent."""
    return Request(
        id=str(search.patient_id),
        sites=tuple(str(site.id) for site in sites),
        protocol=bent_protocol(search.version, search.bend),
        first_day_min=search.first,
        first_day_max=search.until,
        availability=search.wishes.availability(),
        preference=search.wishes.preference(),
        chair_type=search.version.chair_type,
    )


def _scene(session: Session, now: datetime, search: Search, sites: tuple[Site, ...]) -> Scene:
    request = request_of(search, sites)
    clinic, bookings = _capacity(session, now, search, sites, window(request))
    ground = prepare(clinic, *window(request))
    return Scene(sites, clinic, bookings, request, survey(ground, bookings, request))


def _capacity(
    session: Session, now: datetime, search: Search, sites: Sequence[Site], days: tuple[date, date]
) -> tuple[Clinic, Bookings]:
    clinic = clinic_of(session, sites, known_versions(session), *days)
    lost = _lost(session, now, search, clinic.zone, days[1])
    clinic = replace(clinic, closures=(*clinic.closures, *lost))
    return clinic, bookings_of(session, clinic, *days)


def _explain(session: Session, now: datetime, search: Search, scene: Scene) -> Explanation:
    """Why nothing fits, with every site of the zone in sight: another clinic may be the way out."""
    near = [site for site in all_sites(session) if site.tz == scene.clinic.tz]
    clinic, bookings = _capacity(session, now, search, near, relaxed_window(scene.request))
    return explain(clinic, bookings, scene.request)


def _lost(session: Session, now: datetime, search: Search, zone: ZoneInfo, last: date) -> list[Closure]:
    days = own_days(session, search.patient_id, search.first, last)
    midnights = [datetime.combine(day, time()) for day in days]
    lost = [Closure(start, start + timedelta(days=1), reason=OWN_VISIT) for start in midnights]
    local = now.astimezone(zone).replace(tzinfo=None)
    if local.date() >= search.first:
        lost.append(Closure(datetime.combine(search.first, time()), local, reason=OVER))
    return lost
