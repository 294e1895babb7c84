"""The small pieces that resources are made of."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Resource = dict[str, Any]
Value = dict[str, Any]

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
TERMS = "http://terminology.hl7.org/CodeSystem"
EXTENSIONS = "http://hl7.org/fhir/StructureDefinition"

AMOUNT = re.compile(r"([0-9]{1,5})(?:[.,]([0-9]{1,3}))? ?(mg|g|mL|ml|mcg|µg)")
CODE_OF_UNIT = {"mg": "mg", "g": "g", "mL": "mL", "ml": "mL", "mcg": "ug", "µg": "ug"}


def made(kind: str, id_: str, **elements: Any) -> Resource:
    """A resource without its empty elements: FHIR knows no empty text, list or object."""
    return {"resourceType": kind, "id": id_, **filled(elements)}


def filled(elements: Mapping[str, Any]) -> Value:
    """`elements` without what is empty. False and 0 are values."""
    return {
        name.rstrip("_"): value for name, value in elements.items() if value not in (None, "", [], {}, ())
    }


def to(kind: str, number: int | str) -> Value:
    """A reference to a resource of this kind by its id."""
    return {"reference": f"{kind}/{number}"}


def coding(system: str, code: str, display: str = "") -> Value:
    """One code of one system."""
    return filled({"system": system, "code": code, "display": display})


def concept(*codings: Value, text: str = "") -> Value:
    """A concept: codes that mean it exactly, and our words for it."""
    return filled({"coding": list(codings), "text": text})


def quantity(value: float, unit: str, code: str = "") -> Value:
    """A value with its UCUM unit; `unit` is how people write it."""
    return {"value": value, "unit": unit, "system": UCUM, "code": code or unit}


def thousandths(number: int) -> int | float:
    """Grams as kilograms, micrograms as milligrams: 35 of 35,000, 52.5 of 52,500, with no digit more.

    A number of at most three decimals is written by Python as it was, so no rounding can show.
    """
    return number // 1000 if number % 1000 == 0 else number / 1000


def amount(text: str) -> Value | None:
    """The quantity that "4 mg" means; None where the words say anything more or else."""
    found = AMOUNT.fullmatch(text.strip())
    if not found:
        return None
    whole, decimals, unit = found.groups()
    value = float(f"{whole}.{decimals}") if decimals and decimals.strip("0") else int(whole)
    return quantity(value, "µg" if CODE_OF_UNIT[unit] == "ug" else CODE_OF_UNIT[unit], CODE_OF_UNIT[unit])


def moment(at: datetime | None, tz: str) -> str | None:
    """`2026-11-02T10:00:00-05:00`: the wall clock at the site with its distance from UTC, to the second."""
    return at.astimezone(ZoneInfo(tz)).isoformat(timespec="seconds") if at else None


def period(since: datetime | None, until: datetime | None, tz: str) -> Value:
    """From and until; an end that nobody wrote down is left out, and so is one before the beginning.

    A course that is called off before its first visit ends earlier than it begins, which FHIR refuses.
    """
    ends = until if since is None or until is None or since <= until else None
    return filled({"start": moment(since, tz), "end": moment(ends, tz)})


def notes(lines: Iterable[tuple[datetime | None, str]], tz: str) -> list[Value]:
    """Annotations in their order; empty ones are left out."""
    return [filled({"time": moment(at, tz), "text": text}) for at, text in lines if text.strip()]


def slug(words: str) -> str:
    """A piece of an id: FHIR takes letters, digits, hyphens and points."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", words).strip("-")
