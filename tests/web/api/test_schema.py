"""The document says what the API does: held by a fuzzer that sends what fits it and what does not."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.api.conftest import Programs
from tests.web.api.routes import API_ROUTES

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PATHS = [(route.method, route.rule.replace("<int:", "{").replace(">", "}")) for route in API_ROUTES]


def fuzz(programs: Programs, method: str, path: str, mode: GenerationMode, examples: int) -> None:
    """Send generated requests of one kind to one operation."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", programs.app)
    operation = schema[path][method]
    headers = {"Authorization": f"Bearer {programs.token()}"}
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Case) -> None:
        case.call_and_validate(headers=headers, checks=checks)

    send()


@pytest.mark.parametrize(("method", "path"), PATHS, ids="".join)
def test_what_fits_the_document_is_answered_as_it_says(programs: Programs, method: str, path: str) -> None:
    fuzz(programs, method, path, GenerationMode.POSITIVE, 12)


@pytest.mark.parametrize(
    ("method", "path"), [pair for pair in PATHS if pair[1] != "/api/v1/protocols"], ids="".join
)
def test_what_does_not_fit_is_refused(programs: Programs, method: str, path: str) -> None:
    fuzz(programs, method, path, GenerationMode.NEGATIVE, 12)


def test_the_document_names_every_route_of_the_api(programs: Programs) -> None:
    document = programs.call("GET", "/api/v1/openapi.json", "").json
    assert document["openapi"] == "3.1.0"
    named = {(method.upper(), path) for path, each in document["paths"].items() for method in each}
    assert named == set(PATHS)
