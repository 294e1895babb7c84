"""From a chart to its resources, and from resources to bytes."""

import json
from collections.abc import Iterable, Iterator

from scheduler.rendering.fhir.drugs import administrations
from scheduler.rendering.fhir.events import adverse_events
from scheduler.rendering.fhir.facts import Chart, Course, Instrument, Person, Site, Visit
from scheduler.rendering.fhir.medicines import medicines
from scheduler.rendering.fhir.people import allergies, location, patient
from scheduler.rendering.fhir.questions import checks, questionnaire, response, total
from scheduler.rendering.fhir.signatures import of_course, of_visit
from scheduler.rendering.fhir.tasks import task
from scheduler.rendering.fhir.values import Resource
from scheduler.rendering.fhir.visits import appointment, came, care_plan, encounter, is_done_or_not, procedure
from scheduler.rendering.fhir.vitals import observations

MEDIA_TYPE = "application/fhir+json"


def bundle(chart: Chart, name: str, base: str) -> bytes:
    """One chart as a Bundle in which every reference resolves; `base` begins the names of what is in it."""
    sites = {site.id: site for site in (*(p.site for p in _people(chart)), *(c.site for c in chart.courses))}
    found = {
        (r.instrument.code, r.instrument.version): r.instrument for c in chart.courses for r in c.ratings
    }
    resources = [
        *shared(sites.values(), [found[key] for key in sorted(found)], base),
        *resources_of(chart, base),
    ]
    entries = [
        {"fullUrl": f"{base}/{each['resourceType']}/{each['id']}", "resource": each} for each in resources
    ]
    return _bytes({"resourceType": "Bundle", "id": name, "type": "collection", "entry": entries})


def shared(sites: Iterable[Site], instruments: Iterable[Instrument], base: str) -> Iterator[Resource]:
    """What charts refer to and no patient owns: sites and questionnaires."""
    yield from (location(site) for site in sites)
    yield from (questionnaire(instrument, base) for instrument in instruments)


def resources_of(chart: Chart, base: str) -> Iterator[Resource]:
    """All that is a patient's: the record, those that were merged with it, the courses."""
    for person in _people(chart):
        yield patient(person, base)
        yield from allergies(person)
    for course in chart.courses:
        yield from _of_course(course, chart.person.id, base)


def line(resource: Resource) -> bytes:
    """A resource as one line of a file of newline-delimited JSON."""
    return _bytes(resource) + b"\n"


def _people(chart: Chart) -> list[Person]:
    return [chart.person, *chart.linked]


def _of_course(course: Course, patient_id: int, base: str) -> Iterator[Resource]:
    yield care_plan(course, patient_id)
    for visit in course.visits:
        yield from _of_visit(course, visit, patient_id, base)
    yield from medicines(course, patient_id)
    for rating in course.ratings:
        yield response(course, rating, patient_id, base)
        yield from total(course, rating, patient_id)
    for run in course.runs:
        yield task(course, run, patient_id, base)
    yield from of_course(course, base)


def _of_visit(course: Course, visit: Visit, patient_id: int, base: str) -> Iterator[Resource]:
    yield appointment(course, visit, patient_id)
    if came(visit):
        yield encounter(course, visit, patient_id)
    if is_done_or_not(visit):
        yield procedure(course, visit, patient_id)
    yield from administrations(course, visit, patient_id)
    yield from observations(course, visit, patient_id)
    yield from adverse_events(course, visit, patient_id)
    yield from checks(course, visit, patient_id)
    yield from of_visit(course, visit, base)


def _bytes(value: Resource) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
