"""From a search to ranked sets of dates: reads capacity and visits, and lets the planner decide.

Sites of different time zones are planned apart, because a gap is counted in local days, and merged by
objective. What the planner worked on (`Scene`) is kept for the page, which tells from it how far each
visit can move and what a change would break.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import bookings_of, clinic_of
from scheduler.features.capacity.kept import kept, kept_ground
from scheduler.features.courses.bending import bent_chair_type, bent_protocol
from scheduler.features.courses.recheck import own_days
from scheduler.features.courses.wishes import Wishes
from scheduler.models import ProtocolVersion, Site
from scheduler.planning import (
    Blackout,
    Bookings,
    Clinic,
    Closure,
    Explanation,
    Field,
    Proposal,
    Request,
    explain,
    propose,
    relaxed_window,
    survey,
    window,
)

COUNT = 3
OWN_VISIT = "The patient has another visit that day."
OVER = "That time is over."


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
class Lost:
    """Local time, without an offset, that the patient can't use for a reason other than being away."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True)
class Scene:
    """What the planner saw of the sites of one zone; `lost` are blackouts of the request that we added."""

    sites: tuple[Site, ...]
    clinic: Clinic
    bookings: Bookings
    request: Request
    field: Field
    lost: tuple[Lost, ...]

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
    """The search as the planner takes it, for sites of one time zone."""
    return Request(
        id=str(search.patient_id),
        sites=tuple(str(site.id) for site in sites),
        protocol=bent_protocol(search.version, search.bend),
        first_day_min=search.first,
        first_day_max=search.until,
        availability=search.wishes.availability(),
        preference=search.wishes.preference(),
        chair_type=bent_chair_type(search.version, search.bend),
    )


def _scene(session: Session, now: datetime, search: Search, sites: tuple[Site, ...]) -> Scene:
    request = request_of(search, sites)
    days = window(request)
    clinic, ground = kept_ground(session, sites, *days)
    lost = _lost(session, now, search, clinic.zone, days[1])
    blackouts = (*request.availability.blackouts, *(Blackout(each.start, each.end) for each in lost))
    request = replace(request, availability=replace(request.availability, blackouts=blackouts))
    bookings = bookings_of(session, clinic, *days)
    return Scene(sites, clinic, bookings, request, survey(ground, bookings, request), lost)


def _explain(session: Session, now: datetime, search: Search, scene: Scene) -> Explanation:
    """Why nothing fits, with every site of the zone in sight: another clinic may be the way out.

    What is lost to the patient for good (another visit, a time that is over) is a closure here and not a
    blackout: no relaxation may give it back.
    """
    near = [site for site in kept(session).sites if site.tz == scene.clinic.tz]
    request = request_of(search, scene.sites)
    days = relaxed_window(request)
    clinic = clinic_of(session, near, kept(session).versions, *days)
    lost = _lost(session, now, search, clinic.zone, days[1])
    closures = (Closure(each.start, each.end, reason=each.reason) for each in lost)
    clinic = replace(clinic, closures=(*clinic.closures, *closures))
    return explain(clinic, bookings_of(session, clinic, *days), request)


def _lost(session: Session, now: datetime, search: Search, zone: ZoneInfo, last: date) -> tuple[Lost, ...]:
    days = own_days(session, search.patient_id, search.first, last)
    midnights = [datetime.combine(day, time()) for day in days]
    lost = [Lost(start, start + timedelta(days=1), OWN_VISIT) for start in midnights]
    local = now.astimezone(zone).replace(tzinfo=None)
    if local.date() >= search.first:
        lost.append(Lost(datetime.combine(search.first, time()), local, OVER))
    return tuple(lost)
