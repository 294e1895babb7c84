"""What is signed, as bytes: the exact text that was read, and who signed it, as whom, how and when.

A digest holds for bytes, so the record is canonical JSON (`rendering/canonical.py`), as a signed log is. It
tells everything by itself: a name that changes later, a text that is replaced and a record that is merged
leave what was signed as it was.
"""

from dataclasses import dataclass
from datetime import datetime

from scheduler.features.intake.consents.texts.form import FIRST
from scheduler.models import ConsentForm, ConsentVersion, Patient
from scheduler.rendering.canonical import canonical_bytes, plain


@dataclass(frozen=True)
class Given:
    """One signature as it is given; `clinic` is the site's name, `signed_as` patient or guardian."""

    form: ConsentForm
    version: ConsentVersion
    language: str
    patient: Patient
    clinic: str
    name: str
    signed_as: str
    source: str


def record_of(given: Given, at: datetime) -> bytes:
    """The bytes that are signed at `at` (aware; whole seconds are kept)."""
    version, patient = given.version, given.patient
    code = given.language if given.language in version.words else FIRST
    facts = {
        "consent": given.form.name,
        "version": version.version,
        "language": code,
        **version.words[code],
        "clinic": given.clinic,
        "patient": {
            "name": patient.name,
            "birth_date": patient.birth_date,
            "record_number": patient.record_number,
        },
        "signed_name": given.name,
        "signed_as": given.signed_as,
        "source": given.source,
        "signed_at": at.replace(microsecond=0),
    }
    return canonical_bytes(plain(facts))
