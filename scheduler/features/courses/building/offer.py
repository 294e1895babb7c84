"""The build page as facts: from the form to sets of dates, what they break, or why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.errors import RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.capacity.queries import offering
from scheduler.features.courses.building.address import base_address
from scheduler.features.courses.building.change import Change, chosen_view, open_change
from scheduler.features.courses.building.forms import EITHER, BookForm, BuildForm
from scheduler.features.courses.building.impasse import WayOut, impasse, ways_out
from scheduler.features.courses.order import CourseOrder, decode
from scheduler.features.courses.page import SetView, StripDay, set_views, strip_days
from scheduler.features.courses.problems import Problem
from scheduler.features.courses.propose import Outcome, Search, propose_courses
from scheduler.features.courses.reach import Reached, reach_of
from scheduler.features.courses.wishes import Wishes, patient_away, patient_weekly, ticks_of, weekly_of
from scheduler.features.patients.age import NO_GUARDIAN, lacks_guardian
from scheduler.features.patients.consents import missing_consents
from scheduler.features.patients.queries import patient as get_patient
from scheduler.features.patients.screened import Screened, screened
from scheduler.models import Patient, ProtocolVersion, Site


@dataclass
class BuildPage:
    """All that the page shows.

    `unsigned` names the consents that such a course lacks. `base` is its address without a set; `notice` says
    why a set that somebody brought along is not shown; `status` is the HTTP status.
    """

    form: BuildForm
    patient: Patient
    protocols: Sequence[ProtocolVersion]
    sites: Sequence[Site]
    version: ProtocolVersion
    site_value: str
    ticks: frozenset[str]
    wishes: Wishes
    base: str
    reach: Reached
    screened: Screened
    unsigned: tuple[str, ...]
    today: date
    at: datetime
    errors: dict[str, str] = field(default_factory=dict)
    sets: tuple[SetView, ...] = ()
    days: tuple[StripDay, ...] = ()
    problems: tuple[Problem, ...] = ()
    change: Change | None = None
    ways_out: tuple[WayOut, ...] = ()
    impasse: str = ""
    status: int = 200
    notice: str = ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the booking form and the form for a wish carry along of the search."""
        return parse_qsl(urlsplit(self.base).query)


def build_page(session: Session, now: datetime, form: BuildForm, *, may_bend: bool) -> BuildPage:
    """The page for a form that names a patient. Raises NotFoundError for an unknown one."""
    page = frame(session, now, form)
    if form.bend and not may_bend:
        page.errors["bend"] = "Only a clinician can let a course bend its protocol."
    if page.errors:
        page.status = 422
        return page
    outcome = propose_courses(session, now, search_of(page))
    _fill(page, outcome, may_bend=may_bend)
    return page


def order_of(page: BuildPage, booking: BookForm) -> CourseOrder:
    """The order that a sent page makes.

    Raises RuleError where what was wished can't be read, or the set's chairs are at no site of the search.
    """
    if unread := [page.errors[name] for name in ("can", "pa", "pb", "bend") if name in page.errors]:
        raise RuleError(" ".join(unread))
    wanted = {visit.chair_id for visit in booking.visits}
    place = next((site for site in page.sites if wanted <= {chair.id for chair in site.chairs}), None)
    if place is None:
        raise RuleError("The chairs of this set are no longer at one clinic. Find dates again.")
    return CourseOrder(
        patient_id=page.patient.id,
        site_id=place.id,
        protocol_version_id=page.form.version_id or page.version.id,
        visits=booking.visits,
        wishes=page.wishes.to_json(),
        key=booking.key,
        bend=page.form.bend,
        bend_reason=booking.bend_reason,
        asked={
            "ticks": None if page.form.ticks is None else sorted(page.form.ticks),
            "whole": page.form.whole,
            "there": page.form.there,
            "preferred": page.form.preferred,
        },
    )


def search_of(page: BuildPage) -> Search:
    """What the page looks for."""
    chosen = [site for site in page.sites if page.site_value in (EITHER, str(site.id))]
    return Search(
        page.patient.id,
        page.version,
        tuple(chosen),
        page.form.first,
        page.form.until,
        page.wishes,
        page.form.bend,
    )


def frame(session: Session, now: datetime, form: BuildForm) -> BuildPage:
    """The page without its sets of dates."""
    patient = get_patient(session, form.patient_id or 0)
    protocols, sites = kept(session).protocols, kept(session).sites
    if not protocols or not sites:
        raise RuleError("The clinic has no protocol or no site yet. An administrator sets them up first.")
    errors = dict(form.errors)
    version = next((v for v in protocols if v.id == form.version_id), None)
    if version is None and form.version_id is not None:
        version, errors["protocol"] = _successor(session, form.version_id)
    if patient.archived_at is not None:
        errors["patient"] = f"{patient.name} is archived. Restore the patient first, then book."
    elif lacks_guardian(patient, form.first):
        errors["patient"] = NO_GUARDIAN.format(patient.name)
    sites = offering(version or protocols[0], sites)
    if not sites:
        raise RuleError("No site offers this protocol. Choose another one, or ask an administrator.")
    own = patient_weekly(patient)
    ticks = ticks_of(own) if form.ticks is None else form.ticks
    weekly = weekly_of(ticks, {} if form.whole else own)
    home = next((site for site in sites if site.id == patient.site_id), sites[0])
    site_value = form.site if form.site == EITHER or form.site in {str(s.id) for s in sites} else str(home.id)
    local = now.astimezone(ZoneInfo(home.tz))
    return BuildPage(
        form=form,
        patient=patient,
        protocols=protocols,
        sites=sites,
        version=version or protocols[0],
        site_value=site_value,
        ticks=ticks,
        wishes=Wishes(weekly, () if form.there else patient_away(patient), form.preferred),
        base=base_address(form, version or protocols[0], site_value, ticks),
        reach=reach_of(session, patient),
        screened=screened(session, [patient.id], now)[patient.id],
        unsigned=missing_consents(
            session,
            [patient.id],
            (version or protocols[0]).protocol_id,
            home.id if site_value == EITHER else int(site_value),
        )[patient.id],
        today=local.date(),
        at=local,
        errors=errors,
    )


def _successor(session: Session, version_id: int) -> tuple[ProtocolVersion | None, str]:
    """What took the place of a version that is no longer the newest, and a sentence that says so."""
    known = kept(session)
    old = next((version for version in known.versions if version.id == version_id), None)
    newest = next((v for v in known.protocols if old and v.protocol_id == old.protocol_id), None)
    if newest is None:
        return None, "This protocol is no longer in use. Choose one from the list, and find dates again."
    name = newest.protocol.name
    return newest, f"“{name}” was changed meanwhile. Its new rules stand here: find dates again."


def _fill(page: BuildPage, outcome: Outcome, *, may_bend: bool) -> None:
    views = set_views(outcome.offers, page.today, page.version, page.base)
    if page.form.chosen:
        _take_chosen(page, outcome, views)
    page.sets = tuple(views[:3])
    if page.sets:
        page.days = tuple(strip_days(page.sets))
    else:
        page.impasse = impasse(outcome.explanations, page)
        page.ways_out = tuple(ways_out(outcome.explanations, page, may_bend=may_bend))


def _take_chosen(page: BuildPage, outcome: Outcome, views: list[SetView]) -> None:
    """Put the set that somebody works on first, with what it breaks and where a visit of it could go."""
    try:
        found = open_change(outcome.scenes, page, decode(page.form.chosen))
    except RuleError as error:
        page.notice = error.sentence
        return
    chosen, page.problems = chosen_view(found, page)
    same = next((view for view in views if view.value == chosen.value), None)
    if same is not None:
        views.remove(same)
    views.insert(0, chosen)
    page.change = found.change
