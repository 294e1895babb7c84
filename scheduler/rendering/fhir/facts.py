"""What a chart holds, as plain values: instants aware in UTC, weights in grams, drug in micrograms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Site:
    """A clinic location; `tz` is its IANA zone."""

    id: int
    name: str
    tz: str
    address: str
    phone: str
    is_open: bool


@dataclass(frozen=True)
class Caution:
    """`kind` is allergy, no_allergies or interpreter; `words` say which."""

    id: int
    kind: str
    words: str
    noted_at: datetime


@dataclass(frozen=True)
class Person:
    """A patient. `absorbed` are the records that were merged into this one, `kept_id` is the other way."""

    id: int
    record_number: str
    given_name: str
    family_name: str
    birth_date: date
    phone: str | None
    email: str | None
    language: str
    is_active: bool
    site: Site
    kept_id: int | None = None
    absorbed: Sequence[int] = ()
    cautions: Sequence[Caution] = ()
    guardian_name: str = ""


@dataclass(frozen=True)
class Reading:
    """Vital signs at one moment; `error` says why they do not hold, `replaces` which ones they correct."""

    id: int
    taken_at: datetime
    sbp: int | None
    dbp: int | None
    pulse: int | None
    spo2: int | None
    sedation: int | None
    replaces: int | None = None
    error: str = ""


@dataclass(frozen=True)
class Event:
    """An adverse event; `grade` 1 to 5, `outcome` a code of the chart, `done` and `note` in words."""

    id: int
    term: str
    onset_at: datetime
    grade: int
    grade_words: str
    done: str
    outcome: str
    note: str
    recorded_at: datetime


@dataclass(frozen=True)
class Rescue:
    """A rescue drug; `amount` as it was written, `route` in words; `error` says why it was struck out."""

    id: int
    drug: str
    amount: str
    route: str
    given_at: datetime
    why: str
    error: str = ""


@dataclass(frozen=True)
class Pause:
    """The pump stood still; `until` None: the record says no end."""

    since: datetime
    until: datetime | None
    why: str


@dataclass(frozen=True)
class Answer:
    """A check of the chart: its field, its question and its answer in words."""

    field: str
    question: str
    words: str


@dataclass(frozen=True)
class Log:
    """One infusion's log; None where nobody said anything. `route` is the chart's code of it."""

    id: int
    is_signed: bool
    weight_g: int | None = None
    dose_ug: int | None = None
    rate_ug_per_h: int | None = None
    concentration_ug_per_ml: int | None = None
    drug: str | None = None
    lot: str | None = None
    expiry: date | None = None
    route: str | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    cadss: int | None = None
    notes: str | None = None
    begun_at: datetime | None = None
    answers: Sequence[Answer] = ()
    readings: Sequence[Reading] = ()
    events: Sequence[Event] = ()
    rescues: Sequence[Rescue] = ()
    pauses: Sequence[Pause] = ()


@dataclass(frozen=True)
class Signer:
    """A member of staff: their number, and the name they signed by."""

    id: int
    name: str


@dataclass(frozen=True)
class Signature:
    """Who signed a record when, first or `second`; `digest` is that of the record."""

    id: int
    at: datetime
    by: Signer
    digest: str
    second: bool = False


@dataclass(frozen=True)
class Addendum:
    """What was said of a signed log afterwards; `digest` is that of the record it stands beside."""

    id: int
    at: datetime
    by: Signer
    words: str
    reason: str
    digest: str


@dataclass(frozen=True)
class Visit:
    """One infusion. `state` is ours, `day` the date at the site, `counts` what a clinician said of a stop."""

    id: int
    number: int
    state: str
    reason: str | None
    starts_at: datetime
    ends_at: datetime
    day: date
    confirmed: bool = False
    arrived_at: datetime | None = None
    seated_at: datetime | None = None
    completed_at: datetime | None = None
    stopped_early: bool = False
    counts: bool | None = None
    replaces_id: int | None = None
    log: Log | None = None
    signature: Signature | None = None
    addenda: Sequence[Addendum] = ()


@dataclass(frozen=True)
class Instrument:
    """A version of an instrument: questions by language, answers in English, codes where LOINC has them."""

    code: str
    version: int
    name: str
    lead: str
    licence: str
    least: int
    items: Mapping[str, Sequence[str]]
    answers: Sequence[str] = ()
    loinc_panel: str = ""
    loinc_items: Sequence[str] = ()
    loinc_total: str = ""
    loinc_answers: Sequence[str] = ()


@dataclass(frozen=True)
class Rating:
    """Answers at a time point, None where one was left out; `error` says why the rating does not hold."""

    id: int
    instrument: Instrument
    language: str
    time_point: str
    when: str
    answers: Sequence[int | None]
    total: int | None
    by_patient: bool
    rated_at: datetime
    error: str = ""


@dataclass(frozen=True)
class Run:
    """One run of a short task. `state` is complete, interrupted or left_out; `why` says why it has no value.

    `value` counts `unit`. `parts` are what else the score holds, by name: milliseconds where it ends in "ms".
    `device` and `method` (the kind of input) are words; `form` names what was shown, `note` says how a value
    may be read.
    """

    id: int
    name: str
    version: int
    time_point: str
    when: str
    state: str
    why: str
    value: int | None
    unit: str
    parts: Sequence[tuple[str, int]]
    form: int | None
    practised: int
    device: str
    method: str
    begun_at: datetime
    ended_at: datetime | None
    note: str


@dataclass(frozen=True)
class Medicine:
    """A medicine taken beside a course; `error` says why it was struck out."""

    id: int
    name: str
    dose: str
    from_day: date | None
    until_day: date | None
    noted_at: datetime
    error: str = ""


@dataclass(frozen=True)
class Course:
    """One patient's run of a protocol at one site."""

    id: int
    site: Site
    protocol: str
    protocol_version: int
    infusions: int
    state: str
    reason: str | None
    booked_at: datetime
    closed_at: datetime | None = None
    visits: Sequence[Visit] = ()
    ratings: Sequence[Rating] = ()
    runs: Sequence[Run] = ()
    medicines: Sequence[Medicine] = ()
    signatures: Sequence[Signature] = ()
    addenda: Sequence[Addendum] = ()


@dataclass(frozen=True)
class Chart:
    """A patient with some or all of their courses, and the records that were merged with theirs."""

    person: Person
    courses: Sequence[Course] = ()
    linked: Sequence[Person] = ()
