"""Who signed what: the sign-off of a log, the second signature, and addenda.

A signature here is that of a person who was signed in and pressed a key; nothing was computed with a key of
theirs, so it carries no data. What it was put under is named by its digest, which the printed log shows and
`verify` recomputes. The name is the one they signed by.
"""

from collections.abc import Iterator
from datetime import datetime

from scheduler.rendering.fhir.facts import Addendum, Course, Signature, Signer, Visit
from scheduler.rendering.fhir.values import TERMS, Resource, Value, coding, concept, made, moment, to
from scheduler.rendering.fhir.visits import is_done_or_not

KINDS = "urn:iso-astm:E1762-95:2013"
VERIFIED = coding(KINDS, "1.2.840.10065.1.12.1.5", "Verification Signature")
ADDED = coding(KINDS, "1.2.840.10065.1.12.1.15", "Addendum Signature")
PARTS = f"{TERMS}/provenance-participant-type"
VERIFIER, AUTHOR = coding(PARTS, "verifier", "Verifier"), coding(PARTS, "author", "Author")


def of_course(course: Course, base: str) -> Iterator[Resource]:
    """The signatures under the course log, and the addenda that speak of the course."""
    about = to("CarePlan", course.id)
    for each in course.signatures:
        yield _signed(each, about, "the course log", course, base)
    for added in course.addenda:
        yield _added(added, about, course, base)


def of_visit(course: Course, visit: Visit, base: str) -> Iterator[Resource]:
    """The same of one infusion; what does not take place has no procedure, and belongs to the course."""
    about = to("Procedure", visit.id) if is_done_or_not(visit) else to("CarePlan", course.id)
    if visit.signature:
        yield _signed(visit.signature, about, f"the log of infusion {visit.number}", course, base)
    for added in visit.addenda:
        yield _added(added, about, course, base)


def _signed(signed: Signature, about: Value, what: str, course: Course, base: str) -> Resource:
    said = f"Signed {what}{' as the second' if signed.second else ''}"
    name = f"{'second' if signed.second else 'record'}-{signed.id}"
    act = _act(signed.at, signed.by, signed.digest, (VERIFIER, VERIFIED), course.site.tz, base)
    return made("Provenance", name, target=[about], activity=concept(text=said), **act)


def _added(added: Addendum, about: Value, course: Course, base: str) -> Resource:
    act = _act(added.at, added.by, added.digest, (AUTHOR, ADDED), course.site.tz, base)
    why = [concept(text=added.reason)] if added.reason.strip() else []
    said = concept(text="Wrote an addendum")
    return made("Provenance", f"addendum-{added.id}", target=[about], reason=why, activity=said, **act)


def _act(
    at: datetime, by: Signer, digest: str, kinds: tuple[Value, Value], tz: str, base: str
) -> dict[str, object]:
    """Who did it when, by which record: `kinds` are the part they took and the kind of their signature."""
    who = {
        "type": "Practitioner",
        "identifier": {"system": f"{base}/staff", "value": str(by.id)},
        "display": by.name,
    }
    record = {
        "identifier": {"system": f"{base}/record-digest", "value": digest},
        "display": "The record, by the SHA-256 of its canonical JSON",
    }
    return {
        "occurredDateTime": moment(at, tz),
        "recorded": moment(at, tz),
        "agent": [{"type": concept(kinds[0]), "who": who}],
        "entity": [{"role": "source", "what": record}],
        "signature": [{"type": [kinds[1]], "when": moment(at, tz), "who": who}],
    }
