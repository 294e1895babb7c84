"""Reads what we write: each resource by the models of R4B, its closed lists of words, and its references."""

import json
from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel

Found = dict[str, Any]


def checked(resource: Found) -> BaseModel:
    """The resource as its model reads it. Raises where FHIR would not take it."""
    model = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    for owner in _models(model):
        for name, about in type(owner).model_fields.items():
            extra = about.json_schema_extra
            words = extra.get("enum_values") if isinstance(extra, dict) else None
            said = getattr(owner, name)
            if said is None or not isinstance(words, list) or "+" in words:
                continue  # With a plus the library names only the first few.
            assert said in words, f"{type(owner).__name__}.{name} can't be {said!r}"
    return model


def references(resource: Found) -> Iterator[str]:
    """Every reference anywhere in a resource."""
    for value in _values(resource):
        if isinstance(value, dict) and isinstance(value.get("reference"), str):
            yield value["reference"]


def resolves(reference: str, resource: Found, known: set[str]) -> bool:
    """Whether a reference leads to what the resource contains or to another one that came along."""
    if reference.startswith("#"):
        return reference[1:] in {each["id"] for each in resource.get("contained", [])}
    return reference in known


def names(resources: list[Found]) -> list[str]:
    """`Patient/1` of each."""
    return [f"{each['resourceType']}/{each['id']}" for each in resources]


def unpacked(bundle: bytes) -> list[Found]:
    """The resources of a Bundle that is valid as a whole."""
    found = json.loads(bundle)
    get_fhir_model_class("Bundle").model_validate(found)
    assert all(
        each["fullUrl"].endswith(f"/{each['resource']['resourceType']}/{each['resource']['id']}")
        for each in found["entry"]
    )
    return [each["resource"] for each in found["entry"]]


def _values(value: Any) -> Iterator[Any]:
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _values(each)


def _models(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from _models(getattr(value, name))
    elif isinstance(value, list):
        for each in value:
            yield from _models(each)
