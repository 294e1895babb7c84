"""What a program asks for, in the terms of the planner: the patient's own hours hold, as on the page."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError, RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.capacity.queries import offering
from scheduler.features.courses.building.forms import FARTHEST, LONGEST_WAIT
from scheduler.features.courses.page import as_visits
from scheduler.features.courses.propose import Offer, Search, propose_courses
from scheduler.features.courses.queries import today
from scheduler.features.courses.wishes import Span, Wishes, patient_away, patient_weekly
from scheduler.features.patients.queries import patient as get_patient

NO_ROOM = "No set of dates fits. Give more days, other sites, or free the patient's hours."
FOUND = "Book one of these sets as it stands."


def wishes_of(session: Session, patient_id: int, preferred: Span | None) -> Wishes:
    """The patient's hours and days away as their page has them. Raises NotFoundError."""
    patient = get_patient(session, patient_id)
    return Wishes(patient_weekly(patient), patient_away(patient), preferred)


def asked_proposals(
    session: Session,
    now: datetime,
    *,
    patient_id: int,
    version_id: int,
    site_ids: Collection[int],
    first: date,
    until: date,
    preferred: Span | None,
) -> dict[str, Any]:
    """Up to three sets, best first, with a sentence on them.

    Raises RuleError where the days can't be planned, NotFoundError where something named is not there.
    """
    _check_days(first, until, today(session, now))
    known = kept(session)
    version = next((each for each in known.protocols if each.id == version_id), None)
    if version is None:
        raise NotFoundError("There is no such protocol, or it has a newer version. Read the list again.")
    wanted = tuple(site for site in known.sites if not site_ids or site.id in site_ids)
    wanted = offering(version, wanted)
    if len(wanted) < len(set(site_ids)) or not wanted:
        raise NotFoundError("There is no such site, or it does not offer this protocol.")
    wishes = wishes_of(session, patient_id, preferred)
    found = propose_courses(session, now, Search(patient_id, version, wanted, first, until, wishes))
    return {
        "items": [_proposal(offer) for offer in found.offers],
        "detail": FOUND if found.offers else NO_ROOM,
    }


def _check_days(first: date, until: date, present: date) -> None:
    if first < present:
        raise RuleError("The first visit can't lie in the past.", errors={"first": "Choose today or later."})
    if first > present + FARTHEST:
        raise RuleError("The clinic plans one year ahead.", errors={"first": "Choose a day within one year."})
    if until > first + LONGEST_WAIT:
        raise RuleError("Look at 60 days at a time.", errors={"until": "Choose an earlier day."})


def _proposal(offer: Offer) -> dict[str, Any]:
    plan = offer.proposal.plan
    visits = as_visits(plan.infusions)
    return {
        "site_id": int(plan.site),
        "objective": plan.objective,
        "visits": [{"chair_id": each.chair_id, "start": f"{each.start:%Y-%m-%dT%H:%M}"} for each in visits],
    }
