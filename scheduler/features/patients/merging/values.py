"""The fields of two records, beside each other, and as JSON: so that what a merge overwrote can come back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from scheduler.features.patients.data import Away, Window
from scheduler.features.patients.queries import facts
from scheduler.models import AvailabilityWindow, Blackout, Patient


def differing(kept: Patient, other: Patient) -> dict[str, tuple[Any, Any]]:
    """Field name to the two values, where they differ."""
    one, two = facts(kept), facts(other)
    return {name: (one[name], two[name]) for name in one if one[name] != two[name]}


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of `facts` as JSON."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{key: _plain(part) for key, part in asdict(each).items()} for each in value]
    return value.isoformat() if isinstance(value, date) else value


def from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """The way back from `to_json`."""
    found = dict(values)
    if "birth_date" in found:
        found["birth_date"] = date.fromisoformat(found["birth_date"])
    if "windows" in found:
        found["windows"] = tuple(Window(**each) for each in found["windows"])
    if "blackouts" in found:
        found["blackouts"] = tuple(
            Away(
                **{
                    **each,
                    "first_day": date.fromisoformat(each["first_day"]),
                    "last_day": date.fromisoformat(each["last_day"]),
                }
            )
            for each in found["blackouts"]
        )
    return found


def put(patient: Patient, values: Mapping[str, Any]) -> None:
    """Write values of `facts` into a record."""
    for name, value in values.items():
        if name == "windows":
            patient.windows = [AvailabilityWindow(**asdict(each)) for each in value]
        elif name == "blackouts":
            patient.blackouts = [Blackout(**asdict(each)) for each in value]
        else:
            setattr(patient, name, value)
