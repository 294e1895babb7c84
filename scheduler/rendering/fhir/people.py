"""Patients, sites and allergies."""

from collections.abc import Iterator

from scheduler.rendering.fhir.facts import Caution, Person, Site
from scheduler.rendering.fhir.values import (
    EXTENSIONS,
    SNOMED,
    TERMS,
    Resource,
    Value,
    coding,
    concept,
    filled,
    made,
    moment,
    to,
)

LANGUAGES = {"en": "English", "es": "Spanish"}


def location(site: Site) -> Resource:
    """A site, so that visits have a place."""
    return made(
        "Location",
        str(site.id),
        status="active" if site.is_open else "inactive",
        name=site.name,
        mode="instance",
        telecom=_phone(site.phone),
        address=filled({"text": site.address}),
    )


def patient(person: Person, base: str) -> Resource:
    """A patient. A record that was merged into another one says which, and is not active."""
    number = filled(
        {
            "type": concept(coding(f"{TERMS}/v2-0203", "MR", "Medical record number")),
            "system": f"{base}/record-number",
            "value": person.record_number,
        }
    )
    mail = [{"system": "email", "value": person.email}] if person.email else []
    interpreted = [each for each in person.cautions if each.kind == "interpreter"]
    links = [{"other": to("Patient", each), "type": "replaces"} for each in person.absorbed]
    if person.kept_id is not None:
        links = [{"other": to("Patient", person.kept_id), "type": "replaced-by"}]
    return made(
        "Patient",
        str(person.id),
        extension=[{"url": f"{EXTENSIONS}/patient-interpreterRequired", "valueBoolean": True}]
        if interpreted
        else [],
        identifier=[number],
        active=person.is_active,
        name=[{"family": person.family_name, "given": [person.given_name]}],
        telecom=[*_phone(person.phone), *mail],
        birthDate=person.birth_date.isoformat(),
        contact=_guardian(person.guardian_name),
        communication=[_language(person.language), *_spoken(interpreted)],
        link=links,
    )


def _guardian(name: str) -> list[Value]:
    """Who signs for somebody under 18. How their name divides into given and family name nobody asked."""
    if not name:
        return []
    guardian = coding(f"{TERMS}/v3-RoleCode", "GUARD", "guardian")
    return [{"relationship": [concept(guardian)], "name": {"text": name}}]


def allergies(person: Person) -> Iterator[Resource]:
    """What is noted of allergies, or that there are none. How sure it is nobody says."""
    for each in person.cautions:
        if each.kind not in {"allergy", "no_allergies"}:
            continue
        none = each.kind == "no_allergies"
        codes = [coding(SNOMED, "716186003", "No known allergy")] if none else []
        yield made(
            "AllergyIntolerance",
            f"caution-{each.id}",
            clinicalStatus=concept(coding(f"{TERMS}/allergyintolerance-clinical", "active", "Active")),
            code=concept(*codes, text=each.words or ("No known allergies" if none else "Allergy")),
            patient=to("Patient", person.id),
            recordedDate=moment(each.noted_at, person.site.tz),
        )


def _phone(number: str | None) -> list[Value]:
    return [{"system": "phone", "value": number}] if number else []


def _language(code: str) -> Value:
    return {"language": concept(coding("urn:ietf:bcp:47", code, LANGUAGES.get(code, "")))}


def _spoken(interpreted: list[Caution]) -> list[Value]:
    return [{"language": concept(text=each.words)} for each in interpreted if each.words.strip()]
