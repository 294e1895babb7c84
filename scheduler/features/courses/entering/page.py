"""What the page of a course from before shows around its form."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from scheduler.features.capacity.queries import protocols_with_versions
from scheduler.features.capacity.queries import sites as open_sites
from scheduler.features.courses.entering.entry import OF_CLINICIANS, OPTIONS
from scheduler.features.courses.entering.forms import EnterForm
from scheduler.features.patients.queries import patient as get_patient
from scheduler.models import Patient, Protocol, ProtocolVersion, Site

Options = list[tuple[str, str]]


@dataclass(frozen=True)
class EnterPage:
    """The patient, the form, and what can be chosen in it."""

    patient: Patient
    form: EnterForm
    protocols: Options
    sites: Options
    chairs: Options
    states: Options


def enter_page(session: Session, patient_id: int, form: EnterForm, *, clinician: bool) -> EnterPage:
    """Read the choices. Raises NotFoundError for an unknown patient."""
    patient = get_patient(session, patient_id)
    places = open_sites(session)
    states = [(was.value, words) for was, words in OPTIONS if clinician or was not in OF_CLINICIANS]
    return EnterPage(
        patient,
        form,
        [("", "Choose one"), *_protocols(protocols_with_versions(session))],
        [(str(place.id), place.name) for place in places],
        [("", "None"), *_chairs(places)],
        states,
    )


def _protocols(protocols: Sequence[Protocol]) -> Options:
    return [
        (str(version.id), _named(protocol, version))
        for protocol in protocols
        for version in protocol.versions
    ]


def _named(protocol: Protocol, version: ProtocolVersion) -> str:
    """`Loading, 3 × week: 6 visits`; an older version is told apart."""
    newest = max(each.version for each in protocol.versions)
    older = "" if version.version == newest else f", version {version.version}"
    gone = ", no longer in use" if protocol.archived_at else ""
    visits = "1 visit" if version.infusions == 1 else f"{version.infusions} visits"
    return f"{protocol.name}{older}: {visits}{gone}"


def _chairs(places: Sequence[Site]) -> Options:
    several = len(places) > 1
    return [
        (str(chair.id), f"{place.name}, {chair.name}" if several else chair.name)
        for place in places
        for chair in place.chairs
        if chair.retired_at is None
    ]
