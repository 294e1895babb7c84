"""The command palette: people, pages and deeds by a few letters. A page of its own without scripts."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.desk.find import LONGEST, Entry, Group, Wanted, fits, read_wanted
from scheduler.features.desk.forms import choose_site
from scheduler.features.desk.queries.find import next_visits
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import SITE
from scheduler.features.intake import found as requests
from scheduler.features.intake.steps import STEPS
from scheduler.features.patients import queries as patients
from scheduler.features.patients.queries.search import PatientHit
from scheduler.web import DESK, STAFF, access, current_actor, reading, writing
from scheduler.web.filters import day_hm, day_year, long_day
from scheduler.web.navigation import navigation
from scheduler.web.settings_tabs import settings_tabs

MOST_PEOPLE = 8
MOST_REQUESTS = 4
MOST_DEEDS = 5


@blueprint.get("/find")
@access(STAFF)
def find() -> ResponseReturnValue:
    """What fits the letters typed; the list alone for the palette."""
    now, typed = clock.now(), request.args.get("q", "").strip()[:LONGEST]
    with reading() as s:
        sites = all_sites(s)
    here = [choose_site(sites, None, session.get(SITE), current_user.site_id)] if sites else []
    zone = ZoneInfo(here[0].tz if here else "UTC")
    wanted = read_wanted(typed, now.astimezone(zone).date())
    people = _people(wanted) if _sees_patients() else []
    asked = _asked(wanted) if _sees_patients() else Group("Requests", [])
    groups = [group for group in _groups(wanted, people, asked, now) if group.entries]
    if request.headers.get("HX-Request"):
        return render_template("desk/_found.html", groups=groups, q=typed)
    if people or asked.entries:
        shown = len(people) + len(asked.entries)
        with writing() as s:
            record(s, current_actor(), now, "patients.listed", "patient", shown=shown)
    return render_template("desk/find.html", groups=groups, q=typed)


def _groups(wanted: Wanted, people: Sequence[PatientHit], asked: Group, now: datetime) -> list[Group]:
    deeds = Group("Do", [*_deeds(wanted, people, now), *_general(wanted)])
    found = Group("Patients", [_person(hit) for hit in people])
    pages = Group("Pages", [] if wanted.verb else _pages(wanted.text))
    return [deeds] if wanted.verb else [found, asked, deeds, pages]


def _people(wanted: Wanted) -> list[PatientHit]:
    if not wanted.text:
        return []
    with reading() as s:
        return patients.search(s, wanted.text, MOST_PEOPLE)


def _asked(wanted: Wanted) -> Group:
    """Who asked for a consultation, where no verb says that a patient is meant."""
    if wanted.verb:
        return Group("Requests", [])
    with reading() as s:
        found = requests.search(s, wanted.text, MOST_REQUESTS)
    return Group(
        "Requests",
        [Entry(one.name, url_for("path.show", request_id=one.id), STEPS[one.status].words) for one in found],
    )


def _person(hit: PatientHit) -> Entry:
    href = url_for("desk.patient", patient_id=hit.patient_id)
    return Entry(hit.name, href, f"Born {day_year(hit.birth_date)}, {hit.record_number}")


def _deeds(wanted: Wanted, people: Sequence[PatientHit], now: datetime) -> list[Entry]:
    """What can be done for the people found: all that fit where a verb says what, else the first."""
    chosen = people[:MOST_DEEDS] if wanted.verb else people[:1]
    found = []
    if wanted.verb != "move":
        found += [
            Entry(f"Book a course for {hit.name}", url_for("courses.build", patient=hit.patient_id))
            for hit in chosen
        ]
    if wanted.verb != "book":
        found += _moves(chosen, now)
    return found


def _moves(chosen: Sequence[PatientHit], now: datetime) -> list[Entry]:
    if not chosen:
        return []
    with reading() as s:
        visits = next_visits(s, [hit.patient_id for hit in chosen], now)
    return [
        Entry(
            f"Move the next visit of {hit.name}",
            url_for("courses.move", infusion_id=visit.infusion_id),
            f"no. {visit.number}, {day_hm(visit.starts_at)}",
        )
        for hit in chosen
        if (visit := visits.get(hit.patient_id))
    ]


def _general(wanted: Wanted) -> list[Entry]:
    """Deeds that need nobody: going to a day, adding a patient."""
    if wanted.verb or not _sees_patients():
        return []
    found = []
    if wanted.day:
        found.append(
            Entry(f"Go to {long_day(wanted.day)}", url_for("desk.board", day=wanted.day.isoformat()))
        )
    request = fits(wanted.text, "Take a request")
    if fits(wanted.text, "Add a new patient"):
        found.append(Entry("Add a patient", url_for("patients.new")))
    elif wanted.text and not wanted.day and not request:
        found.append(Entry(f"Add “{wanted.text}” as a patient", url_for("patients.new", q=wanted.text)))
    if request:
        found.append(Entry("Take a request", url_for("requests.new")))
    return found


def _pages(text: str) -> list[Entry]:
    found = [Entry(item.label, item.href) for item in navigation() if fits(text, item.label)]
    if not text:
        return found
    return found + [
        Entry(f"Settings, {title}", href)
        for title, href, _, _ in settings_tabs()
        if fits(text, f"Settings {title}")
    ]


def _sees_patients() -> bool:
    return bool(DESK & current_user.roles)
