"""From a form to an order. What is wrong is named by a phrase's key: the page says it in its language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from scheduler.features.intake.requests.order import PAGE, PHONE, Order
from scheduler.features.intake.requests.queries import Place
from scheduler.features.patients.age import is_minor as is_minor_on
from scheduler.features.patients.fields import read_birth_date, read_email, read_name
from scheduler.features.patients.phones import read_phone
from scheduler.features.patients.refused import Refused

PLAIN = ("given_name", "family_name", "email", "phone", "way", "who", "guardian_name", "birth_date")
SELF, MINOR = "self", "minor"
PAGE_ORDER = ("guardian_name", "given_name", "family_name", "way", "phone", "email", "birth_date", "agreed")


@dataclass(frozen=True)
class Asked:
    """What stands in the form, word for word. `errors`: by field, in the page's order, a phrase's key."""

    typed: Mapping[str, str]
    halves: tuple[str, ...] = ()
    agreed: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    order: Order | None = None


def blank(way: str = PHONE) -> Asked:
    """An empty form."""
    return Asked({**dict.fromkeys(PLAIN, ""), "way": way, "who": SELF})


def read_asked(values: MultiDict[str, str], halves: Sequence[str]) -> Asked:
    """What was typed, nothing judged yet. `halves` are the half-days that stood on the page."""
    chosen = set(values.getlist("half"))
    return Asked(
        {name: values.get(name, "") for name in PLAIN},
        tuple(half for half in halves if half in chosen),
        bool(values.get("agreed")),
    )


def judged(
    asked: Asked, place: Place, *, key: str, language: str, words: str, today: date, source: str = PAGE
) -> Asked:
    """The form with its order, or with its errors. `words` is the sentence that was agreed to."""
    typed, errors = asked.typed, {}

    def read(name: str, phrase: str, reader: Callable[..., Any], *more: Any) -> Any:
        try:
            return reader(typed[name], *more) if typed[name].strip() else None
        except Refused:
            errors[name] = phrase
            return None

    given = read("given_name", "name", read_name, "given name") or ""
    family = read("family_name", "name", read_name, "family name") or ""
    if not (typed["given_name"].strip() or typed["family_name"].strip()):
        errors["given_name"] = "name"
    email, phone = read("email", "email", read_email), read("phone", "phone", read_phone, place.country)
    errors.update(_reach(asked, errors, place.ways))
    born = read("birth_date", "birth_date", read_birth_date, place.date_order, today)
    is_minor = typed["who"] == MINOR or (born is not None and is_minor_on(born, today))
    guardian = read("guardian_name", "name", read_name, "guardian's name") if is_minor else None
    if is_minor and not typed["guardian_name"].strip():
        errors["guardian_name"] = "guardian"
    if not asked.agreed:
        errors["agreed"] = "agreed" if source == PAGE else "agreed_desk"
    if errors:
        return replace(asked, errors={name: errors[name] for name in PAGE_ORDER if name in errors})
    order = Order(
        place.site_id, source, key, given, family, email, phone, language, words, asked.halves, typed["way"],
        born, is_minor, guardian or "",
    )  # fmt: skip
    return replace(asked, order=order)


def _reach(asked: Asked, errors: Mapping[str, str], ways: Sequence[str]) -> dict[str, str]:
    """What is missing to reach somebody in the way they chose."""
    email, phone, way = (asked.typed[name].strip() for name in ("email", "phone", "way"))
    found: dict[str, str] = {}
    if way not in ways:
        found["way"] = "way"
    if way == PHONE and not phone:
        found["phone"] = "phone_needed"
    elif not (email or phone) and not {"email", "phone"} & set(errors):
        found["email"] = "reach"
    return found
