"""The form of a patient: what was typed, kept word for word, and what it means once it is right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any, Protocol, TypeVar

from werkzeug.datastructures import MultiDict

from scheduler.features.patients.age import is_minor
from scheduler.features.patients.away import AwayRow, away_row, read_away
from scheduler.features.patients.data import Away, PatientData, Window
from scheduler.features.patients.fields import (
    LANGUAGES,
    read_birth_date,
    read_email,
    read_guardian,
    read_name,
    read_record_number,
    read_time_zone,
)
from scheduler.features.patients.phones import read_phone, show_phone
from scheduler.features.patients.refused import Refused
from scheduler.features.patients.times import ALL_TICKS, HoursRow, read_hours, ticks_of, windows_of
from scheduler.web.filters import day_year, minute_hm

PLAIN = (
    "given_name", "family_name", "birth_date", "phone", "email", "language", "site_id", "record_number",
    "time_zone", "guardian_name",
)  # fmt: skip
MOST_ROWS = 60
T = TypeVar("T")


class Place(Protocol):
    """What a site says about how people there write: its country's phones, its order of dates."""

    id: Any
    country: Any
    date_order: Any


@dataclass(frozen=True)
class PatientForm:
    """What stands in the form. `errors` by the id of the field, in the order of the page."""

    typed: Mapping[str, str]
    ticks: tuple[str, ...] = ALL_TICKS
    hours: tuple[HoursRow, ...] = ()
    away: tuple[AwayRow, ...] = ()
    version: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    data: PatientData | None = None


def blank(site_id: int | None, name: str = "") -> PatientForm:
    """A new patient's form. A name that was looked for in vain is written in already."""
    given, _, family = " ".join(name.split()).rpartition(" ")
    if any(letter.isdigit() for letter in name):
        given = family = ""
    typed = dict.fromkeys(PLAIN, "")
    typed |= {"language": "en", "site_id": str(site_id or ""), "given_name": given, "family_name": family}
    return PatientForm(typed)


def shown(source: Any, country: str, version: int) -> PatientForm:
    """The form that shows a stored patient: anything with the fields of `PatientData`."""
    ticks, exact = ticks_of([Window(one.weekday, one.from_minute, one.to_minute) for one in source.windows])
    away = [
        Away(one.first_day, one.last_day, one.from_minute, one.to_minute, one.note)
        for one in source.blackouts
    ]
    typed = {
        "given_name": source.given_name,
        "family_name": source.family_name,
        "birth_date": day_year(source.birth_date),
        "phone": show_phone(source.phone, country),
        "email": source.email or "",
        "language": source.language,
        "site_id": str(source.site_id),
        "record_number": source.record_number or "",
        "time_zone": source.time_zone or "",
        "guardian_name": source.guardian_name,
    }
    return PatientForm(
        typed,
        ticks,
        tuple(
            HoursRow(str(one.weekday), minute_hm(one.from_minute), minute_hm(one.to_minute % 1440))
            for one in exact
        ),
        tuple(away_row(one) for one in away),
        version,
    )


def read_typed(values: MultiDict[str, str]) -> PatientForm:
    """What was typed, nothing judged yet."""
    hours = zip_longest(*(values.getlist(name) for name in ("hday", "hfrom", "hto")), fillvalue="")
    away = zip_longest(
        *(values.getlist(name) for name in ("afirst", "alast", "afrom", "ato", "anote")), fillvalue=""
    )
    version = values.get("version", "")
    return PatientForm(
        {name: values.get(name, "") for name in PLAIN},
        tuple(code for code in values.getlist("can") if code in ALL_TICKS),
        tuple(HoursRow(*row) for row in list(hours)[:MOST_ROWS]),
        tuple(AwayRow(*row) for row in list(away)[:MOST_ROWS]),
        int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
    )


def judged(
    form: PatientForm, places: Mapping[str, Place], today: date, *, lacks_guardian: bool = False
) -> PatientForm:
    """The same form with its `data`, or with its `errors`. `places` are the sites by id as text.

    Who is under 18 needs a guardian's name, but for a record that stands without one already
    (`lacks_guardian`): whoever corrects a phone number there need not know it.
    """
    errors: dict[str, str] = {}
    typed = form.typed
    place = places.get(typed["site_id"])
    if place is None:
        errors["site_id"] = "Choose the site where the patient is treated."
        place = next(iter(places.values()))

    def read(name: str, reader: Callable[..., T], *more: Any) -> T | None:
        try:
            return reader(typed[name], *more)
        except Refused as refused:
            errors[name] = refused.sentence
            return None

    given, family = read("given_name", read_name, "given name"), read("family_name", read_name, "family name")
    born = read("birth_date", read_birth_date, place.date_order, today)
    needs_guardian = born is not None and is_minor(born, today) and not lacks_guardian
    values: dict[str, Any] = {
        "given_name": given,
        "family_name": family,
        "birth_date": born,
        "guardian_name": read("guardian_name", read_guardian, needs_guardian),
        "phone": read("phone", read_phone, place.country),
        "email": read("email", read_email),
        "record_number": read("record_number", read_record_number),
        "time_zone": read("time_zone", read_time_zone),
        "language": typed["language"],
        "site_id": place.id,
        "windows": _windows(form, errors),
        "blackouts": _blackouts(form, place.date_order, errors),
    }
    if typed["language"] not in dict(LANGUAGES):
        errors["language"] = "Choose one of the languages."
    return _with(form, errors, None if errors else PatientData(**values))


def with_error(form: PatientForm, name: str, sentence: str) -> PatientForm:
    """The form with one more error, found outside it."""
    return _with(form, {**form.errors, name: sentence}, None)


def _with(form: PatientForm, errors: Mapping[str, str], data: PatientData | None) -> PatientForm:
    return PatientForm(form.typed, form.ticks, form.hours, form.away, form.version, errors, data)


def _windows(form: PatientForm, errors: dict[str, str]) -> tuple[Window, ...]:
    found = []
    for number, row in enumerate(form.hours):
        try:
            found += [] if row.is_empty else [read_hours(row)]
        except Refused as refused:
            errors[f"hours-{number}"] = refused.sentence
    try:
        return windows_of(form.ticks, found)
    except Refused as refused:
        if not any(name.startswith("hours-") for name in errors):
            errors["can"] = refused.sentence
        return ()


def _blackouts(form: PatientForm, order: str, errors: dict[str, str]) -> tuple[Away, ...]:
    found = []
    for number, row in enumerate(form.away):
        try:
            found += [] if row.is_empty else [read_away(row, order)]
        except Refused as refused:
            errors[f"away-{number}"] = refused.sentence
    return tuple(found)
