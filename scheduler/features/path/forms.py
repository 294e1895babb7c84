"""From the forms of the request's page to what the actions take, or sentences that say what to change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from scheduler.errors import RuleError
from scheduler.features.path.actions.correct import Details
from scheduler.features.path.actions.tend import Plan
from scheduler.features.patients.fields import LANGUAGES, read_birth_date, read_email, read_name
from scheduler.features.patients.phones import read_phone, show_phone
from scheduler.features.patients.refused import Refused
from scheduler.models import ConsultationRequest

PLAIN = ("given_name", "family_name", "email", "phone", "language", "way", "guardian_name")
WAYS = (("in_person", "In person"), ("phone", "By phone"), ("video", "By video"))
HALVES = frozenset(f"{day}{half}" for day in range(7) for half in "ap")
MOST = 2**31 - 1
MOST_TICKED = 200
REACH = "Give an e-mail address or a phone number, so that the clinic can answer."
WRITE_DAY = "Choose a day, or write it such as 2026-05-15."


@dataclass(frozen=True)
class DetailsForm:
    """Who asks, as typed; `details` once all is right, else `errors` by field."""

    typed: Mapping[str, str]
    half_days: tuple[str, ...]
    is_minor: bool
    seen: int
    errors: Mapping[str, str] = field(default_factory=dict)
    details: Details | None = None


def stored(request: ConsultationRequest, country: str) -> DetailsForm:
    """The form with what the request says."""
    typed = {name: str(getattr(request, name) or "") for name in PLAIN}
    typed["phone"] = show_phone(request.phone, country) or ""
    return DetailsForm(typed, tuple(request.half_days), request.is_minor, request.version)


def read_details(values: MultiDict[str, str], country: str) -> DetailsForm:
    """The form as typed, judged: `country` is where numbers without a prefix belong."""
    typed = {name: values.get(name, "") for name in PLAIN}
    halves = tuple(sorted(set(values.getlist("half_days")) & HALVES))
    is_minor, errors = values.get("is_minor") == "1", {}

    def read(name: str, reader: Callable[..., Any], *more: Any) -> Any:
        try:
            return reader(typed[name], *more) if typed[name].strip() else None
        except Refused as refused:
            errors[name] = str(refused)
            return None

    given = read("given_name", read_name, "given name") or ""
    family = read("family_name", read_name, "family name") or ""
    email, phone = read("email", read_email), read("phone", read_phone, country)
    guardian = read("guardian_name", read_name, "guardian's name") or ""
    errors |= _missing(typed, errors, is_minor)
    form = DetailsForm(typed, halves, is_minor, read_number(values.get("seen", "")) or 0, errors)
    if errors:
        return form
    found = Details(given, family, email, phone, typed["language"], typed["way"], halves, is_minor, guardian)
    return DetailsForm(typed, halves, is_minor, form.seen, {}, found)


def _missing(typed: Mapping[str, str], errors: Mapping[str, str], is_minor: bool) -> dict[str, str]:
    given = {name for name in PLAIN if typed[name].strip()}
    found = {}
    if not given & {"given_name", "family_name"}:
        found["given_name"] = "Write the name as they give it."
    if not given & {"email", "phone"}:
        found["email"] = REACH
    if typed["way"] == "phone" and "phone" not in given:
        found["phone"] = "They would like to be called. Write the number."
    if is_minor and "guardian_name" not in given:
        found["guardian_name"] = "Somebody under 18 needs a guardian. Write the guardian's name."
    if typed["language"] not in dict(LANGUAGES):
        found["language"] = "Choose a language from the list."
    if typed["way"] not in dict(WAYS):
        found["way"] = "Choose one of the ways."
    return {name: sentence for name, sentence in found.items() if name not in errors}


@dataclass(frozen=True)
class PlanForm:
    """What is next, as typed, with what is wrong in it."""

    next_step: str
    due: str
    owner: str
    errors: Mapping[str, str] = field(default_factory=dict)


def stored_plan(request: ConsultationRequest) -> PlanForm:
    """The form with what the request says."""
    return PlanForm(
        request.next_step,
        request.next_due.isoformat() if request.next_due else "",
        str(request.owner_id or ""),
    )


def typed_plan(values: Mapping[str, str], errors: Mapping[str, str]) -> PlanForm:
    """The form as it was typed."""
    return PlanForm(values.get("next_step", ""), values.get("due", ""), values.get("owner", ""), errors)


def read_plan(values: Mapping[str, str]) -> Plan:
    """What is next. Raises RuleError with `errors` by field."""
    due, owner = read_day(values.get("due", "")), values.get("owner", "")
    if due is None:
        raise RuleError(WRITE_DAY, errors={"due": WRITE_DAY})
    owner_id = read_number(owner)
    if owner and owner_id is None:
        raise RuleError("Choose from the list.", errors={"owner": "Choose who looks after it from the list."})
    return Plan(values.get("next_step", ""), due, owner_id, read_number(values.get("seen", "")) or 0)


def read_born(text: str, order: str, today: date) -> date:
    """A birth date as typed. Raises RuleError with `errors`."""
    try:
        return read_birth_date(text, order, today)
    except Refused as refused:
        raise RuleError(str(refused), errors={"birth_date": str(refused)}) from refused


def read_number(text: str) -> int | None:
    """A row's number, or None for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
    return number if 0 < number <= MOST else None


def read_day(text: str) -> date | None:
    """A day such as 2026-05-15, or None."""
    try:
        found = date.fromisoformat(text.strip()[:20])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def read_ticked(values: MultiDict[str, str]) -> list[int]:
    """The requests that were ticked on the list, if any."""
    found = {read_number(text) for text in values.getlist("request")[:MOST_TICKED]}
    return sorted(number for number in found if number is not None)
