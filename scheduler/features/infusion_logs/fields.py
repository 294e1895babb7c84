"""The fields of the log, as data: which part of the page they stand in, how they are read, what they need.

A part is what is saved together and has a version of its own. A field's name is its column's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Options = tuple[tuple[str, str], ...]


class Kind(StrEnum):
    """How a field is written and read."""

    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"
    WEIGHT = "weight"
    TIME = "time"
    DATE = "date"


class Part(StrEnum):
    """The parts of the page, in the order of a visit."""

    BEFORE = "before"
    DOSE = "dose"
    TIMES = "times"
    DISCHARGE = "discharge"
    ESCORT = "escort"
    NOTES = "notes"


@dataclass(frozen=True)
class Field:
    """One field. A number is stored times `scale`; `limit` names its ranges; `missing` is what the list of
    missing things says while it is empty ("" where it may stay empty).
    """

    name: str
    part: Part
    label: str
    kind: Kind
    missing: str = ""
    options: Options = ()
    limit: str = ""
    scale: int = 1
    decimals: int = 0
    longest: int = 200


YES_NO: Options = (("yes", "Yes"), ("no", "No"))
FASTED: Options = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))
PREGNANCY: Options = (
    ("not_applicable", "Does not apply"),
    ("negative", "Negative"),
    ("positive", "Positive"),
    ("declined", "Declined"),
)
ROUTES: Options = (
    ("iv", "Intravenous"),
    ("im", "Intramuscular"),
    ("sc", "Subcutaneous"),
)
CAME: Options = (("yes", "The escort came"), ("no", "The escort did not come"))
ABSENT: Options = (
    ("other_adult", "Another adult came"),
    ("staff", "A member of staff went along"),
    ("stayed", "Stayed until fit to leave alone"),
    ("ward", "Handed over to a ward"),
    ("against_advice", "Left against advice"),
)

CONSENT, YES = "consent_on_file", "yes"
"""The one answer that gives itself: where all consents are signed by the day of the visit."""

FIELDS: tuple[Field, ...] = (
    Field(
        "identity_checked", Part.BEFORE, "Identity checked", Kind.CHOICE, "Was the identity checked?", YES_NO
    ),
    Field(CONSENT, Part.BEFORE, "Consent on file", Kind.CHOICE, "Is the consent on file?", YES_NO),
    Field(
        "fasting_solids",
        Part.BEFORE,
        "No food for 6 hours",
        Kind.CHOICE,
        "Did the patient fast for 6 hours?",
        FASTED,
    ),
    Field(
        "fasting_liquids",
        Part.BEFORE,
        "No clear liquids for 2 hours",
        Kind.CHOICE,
        "Was there nothing to drink for 2 hours?",
        FASTED,
    ),
    Field(
        "pregnancy_test",
        Part.BEFORE,
        "Pregnancy test",
        Kind.CHOICE,
        "The pregnancy test has no answer.",
        PREGNANCY,
    ),
    Field("escort_named", Part.BEFORE, "Escort expected", Kind.TEXT, "No escort is named.", longest=100),
    Field("benzodiazepine", Part.BEFORE, "Benzodiazepine in the last day", Kind.CHOICE, options=FASTED),
    Field("lamotrigine", Part.BEFORE, "Takes lamotrigine", Kind.CHOICE, options=FASTED),
    Field("medicine_changes", Part.BEFORE, "Changes in medicines", Kind.TEXT, longest=500),
    Field("weight_g", Part.DOSE, "Weight today", Kind.WEIGHT, "Today's weight is missing.", limit="weight"),
    Field(
        "dose_ug_per_kg",
        Part.DOSE,
        "Dose",
        Kind.NUMBER,
        "The dose per kilogram is missing.",
        limit="dose_per_kg",
        scale=1000,
        decimals=3,
    ),
    Field(
        "concentration_ug_per_ml",
        Part.DOSE,
        "Concentration",
        Kind.NUMBER,
        "The concentration is missing.",
        limit="concentration",
        scale=1000,
        decimals=3,
    ),
    Field(
        "minutes",
        Part.DOSE,
        "Over",
        Kind.NUMBER,
        "How long the infusion was to take is missing.",
        limit="minutes",
    ),
    Field("dose_ug", Part.DOSE, "Given", Kind.NUMBER, limit="dose", scale=1000, decimals=3),
    Field("rate_ug_per_h", Part.DOSE, "Rate", Kind.NUMBER, limit="rate", scale=1000, decimals=3),
    Field("drug", Part.DOSE, "Drug", Kind.TEXT, "The drug is missing.", longest=80),
    Field("lot", Part.DOSE, "Lot", Kind.TEXT, "The lot is missing.", longest=40),
    Field("expiry", Part.DOSE, "Expires", Kind.DATE, "The expiry date of the lot is missing."),
    Field("route", Part.DOSE, "Route", Kind.CHOICE, "The route is missing.", ROUTES),
    Field("started_at", Part.TIMES, "Started", Kind.TIME, "The start of the infusion is missing."),
    Field("stopped_at", Part.TIMES, "Stopped", Kind.TIME, "The end of the infusion is missing."),
    Field(
        "cadss",
        Part.TIMES,
        "Dissociation at its peak, CADSS-6 total",
        Kind.NUMBER,
        limit="cadss",
    ),
    Field("escort_came", Part.ESCORT, "Escort", Kind.CHOICE, "Did the escort come?", CAME),
    Field("escort_name", Part.ESCORT, "Name of the escort", Kind.TEXT, longest=100),
    Field("escort_at", Part.ESCORT, "Came at", Kind.TIME),
    Field("escort_absent_done", Part.ESCORT, "What was done", Kind.CHOICE, options=ABSENT),
    Field("escort_absent_note", Part.ESCORT, "Who, and what was said", Kind.TEXT, longest=500),
    Field("left_at", Part.ESCORT, "Left at", Kind.TIME, "When the patient left is missing."),
    Field("leave_reason", Part.ESCORT, "Why the patient left all the same", Kind.TEXT, longest=500),
    Field("notes", Part.NOTES, "Notes", Kind.TEXT, longest=2000),
)
BY_NAME = {field.name: field for field in FIELDS}
CHECK = "check_"


def check_field(key: str, words: str) -> Field:
    """The field of one item of a site's discharge list."""
    return Field(f"{CHECK}{key}", Part.DISCHARGE, words, Kind.CHOICE, f"{words}: not answered.", YES_NO)


def fields_of(part: Part, checks: Sequence[Field]) -> tuple[Field, ...]:
    """The fields of one part; `checks` are those of the site's discharge list."""
    return tuple(checks) if part is Part.DISCHARGE else tuple(each for each in FIELDS if each.part is part)
