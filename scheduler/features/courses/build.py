"""The build page as facts: from the form to sets of dates, what they break, or why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.errors import RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.courses.bending import BENDS
from scheduler.features.courses.change import Change, Problem, chosen_view, open_change
from scheduler.features.courses.forms import EITHER, BookForm, BuildForm
from scheduler.features.courses.order import CourseOrder, Visit, decode
from scheduler.features.courses.page import SetView, StripDay, set_view, strip_days
from scheduler.features.courses.propose import Outcome, Search, propose_courses
from scheduler.features.courses.recheck import Gone
from scheduler.features.courses.wishes import Wishes, patient_away, patient_weekly, ticks_of, weekly_of
from scheduler.features.courses.words import day_words, listed, relaxation
from scheduler.features.patients.queries import patient as get_patient
from scheduler.models import Patient, ProtocolVersion, Site
from scheduler.planning import Explanation


@dataclass(frozen=True)
class WayOut:
    """A single relaxation that makes a plan possible. Without `href`, only a clinician can take it."""

    words: str
    href: str | None


@dataclass
class BuildPage:
    """All that the page shows. `base` is its address without a set; `status` the HTTP status."""

    form: BuildForm
    patient: Patient
    protocols: Sequence[ProtocolVersion]
    sites: Sequence[Site]
    version: ProtocolVersion
    site_value: str
    ticks: frozenset[str]
    wishes: Wishes
    base: str
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
    lost: tuple[Gone, ...] = ()

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
    """The order that a sent page makes. Raises RuleError where its chairs are at no site of the search."""
    wanted = {visit.chair_id for visit in booking.visits}
    place = next((site for site in page.sites if wanted <= {chair.id for chair in site.chairs}), None)
    if place is None:
        raise RuleError("The chairs of this set are no longer at one clinic. Find dates again.")
    return CourseOrder(
        patient_id=page.patient.id,
        site_id=place.id,
        protocol_version_id=booking.build.version_id or 0,
        visits=booking.visits,
        wishes=page.wishes.to_json(),
        key=booking.key,
        bend=booking.build.bend,
        bend_reason=booking.bend_reason,
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
        errors["protocol"] = "This protocol was changed meanwhile. Choose one from the list."
    if patient.archived_at is not None:
        errors["patient"] = f"{patient.name} is archived. Restore the patient first, then book."
    own = patient_weekly(patient)
    ticks = ticks_of(own) if form.ticks is None else form.ticks
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
        wishes=Wishes(weekly_of(ticks, own), () if form.there else patient_away(patient), form.preferred),
        base=_base(form, version or protocols[0], site_value, ticks),
        today=local.date(),
        at=local,
        errors=errors,
    )


def _fill(page: BuildPage, outcome: Outcome, *, may_bend: bool) -> None:
    views = [
        set_view(offer, number, page.today, page.version, page.base)
        for number, offer in enumerate(outcome.offers, 1)
    ]
    if page.form.chosen:
        _take_chosen(page, outcome, views)
    page.sets = tuple(views[:3])
    if page.sets:
        page.days = tuple(strip_days(page.sets))
    else:
        page.impasse = _impasse(outcome.explanations, page)
        page.ways_out = tuple(_ways_out(outcome.explanations, page, may_bend=may_bend))


def _take_chosen(page: BuildPage, outcome: Outcome, views: list[SetView]) -> None:
    """Put the set that somebody works on first, with what it breaks and where a visit of it could go."""
    visits: tuple[Visit, ...] = decode(page.form.chosen)
    found = open_change(outcome.scenes, page, visits)
    chosen, page.problems = chosen_view(found, page)
    same = next((view for view in views if view.value == chosen.value), None)
    if same is not None:
        views.remove(same)
    views.insert(0, chosen)
    page.change = found.change


def _impasse(explanations: Sequence[Explanation], page: BuildPage) -> str:
    """`Riverside: visit 4 finds no room on Mon 18 May and Tue 19 May.`"""
    names = {str(site.id): site.name for site in page.sites}
    parts = []
    for explanation in explanations:
        for site, impasse in explanation.sites.items():
            name = names.get(site, site)
            parts.append(f"{name}: visit {impasse.session} finds no room{_tried(impasse.days)}.")
    return " ".join(parts) or "Single days are free, but no six of them keep the spacing of the protocol."


def _tried(days: Sequence[date]) -> str:
    """The days that were tried, by name where they are few."""
    if not days:
        return ""
    if len(days) <= 4:
        return f" on {listed(day_words(day) for day in days)}"
    return f" on any of {len(days)} days from {day_words(days[0])} to {day_words(days[-1])}"


def _ways_out(explanations: Sequence[Explanation], page: BuildPage, *, may_bend: bool) -> list[WayOut]:
    seen: dict[str, WayOut] = {}
    for explanation in explanations:
        for way in explanation.relaxations:
            href = _relaxed(page, way.name) if may_bend or way.name not in BENDS else None
            if way.name != "any chair type":
                seen.setdefault(way.name, WayOut(relaxation(way.name, page.version), href))
    return list(seen.values())


def _relaxed(page: BuildPage, name: str) -> str:
    """The page's address with one thing relaxed."""
    form = page.form
    values = _values(form, page.version, page.site_value, page.ticks)
    if name == "patient any time":
        values["can"] = [f"{day}{half}" for day in range(7) for half in "ap"]
    elif name == "first_day_max+7":
        values["until"] = date.fromordinal(form.until.toordinal() + 7).isoformat()
    elif name == "any site":
        values["site"] = EITHER
    elif name == "patient drops blackout":
        values["there"] = "1"
    else:
        values["bend"] = name
    return "/courses/new?" + urlencode(values, doseq=True)


def _base(form: BuildForm, version: ProtocolVersion, site_value: str, ticks: frozenset[str]) -> str:
    return "/courses/new?" + urlencode(_values(form, version, site_value, ticks), doseq=True)


def _values(
    form: BuildForm, version: ProtocolVersion, site_value: str, ticks: frozenset[str]
) -> dict[str, object]:
    values: dict[str, object] = {
        "patient": form.patient_id,
        "protocol": version.id,
        "from": form.first.isoformat(),
        "until": form.until.isoformat(),
        "can": sorted(ticks),
        "site": site_value,
    }
    if form.preferred:
        values |= {"pa": _clock(form.preferred[0]), "pb": _clock(form.preferred[1])}
    if form.there:
        values["there"] = "1"
    if form.bend:
        values["bend"] = form.bend
    return values


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
