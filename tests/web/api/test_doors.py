"""Who may call the API: tokens with the scope, and nobody else."""

import pytest

from scheduler.models import Patient
from scheduler.web.access import declared_scope
from tests.support.sign_in import sign_in
from tests.web.api.conftest import Programs
from tests.web.api.routes import API_ROUTES, ApiRoute
from tests.web.route import VISITORS

EACH = pytest.mark.parametrize("route", API_ROUTES, ids=str)


def test_every_route_for_programs_stands_in_the_table_with_its_scope(programs: Programs) -> None:
    registered = {
        (method, rule.rule, declared_scope(programs.app, rule.endpoint))
        for rule in programs.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if declared_scope(programs.app, rule.endpoint) is not None
    }
    assert registered == {(route.method, route.rule, route.scope) for route in API_ROUTES}


@EACH
def test_a_token_with_the_scope_gets_what_the_table_says(programs: Programs, route: ApiRoute) -> None:
    answer = programs.ask(route, programs.token(route.scope))
    assert answer.status_code == route.status, answer.text
    assert answer.mimetype == "application/json"


@EACH
def test_a_token_without_the_scope_is_told_which_is_missing(programs: Programs, route: ApiRoute) -> None:
    others = {other.scope for other in API_ROUTES} - {route.scope}
    answer = programs.ask(route, programs.token(*others))
    assert answer.status_code == 403 and answer.mimetype == "application/problem+json"
    assert answer.json["scope"] == route.scope and route.scope in answer.json["detail"]
    assert programs.trail()[-1].action == "access.denied"


@EACH
def test_without_a_token_everything_is_closed(programs: Programs, route: ApiRoute) -> None:
    for raw in ("", "x", "\xe9" * 9, programs.token() + "x"):
        answer = programs.ask(route, raw)
        assert answer.status_code == 401 and answer.mimetype == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@EACH
@pytest.mark.parametrize("visitor", VISITORS[1:])
def test_a_log_in_in_a_browser_opens_nothing_here(programs: Programs, route: ApiRoute, visitor: str) -> None:
    client = programs.client()
    sign_in(client, programs.database, programs.clinic.users[visitor])
    before = programs.count(Patient)
    answer = client.open(route.path, method=route.method, json=route.body, headers=route.headers)
    assert answer.status_code == 401
    assert programs.count(Patient) == before and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("route", [route for route in API_ROUTES if route.about], ids=str)
def test_the_trail_names_the_program(programs: Programs, route: ApiRoute) -> None:
    programs.ask(route, programs.token(route.scope, name="Phone system"))
    assert programs.trail()[-1].actor == "API: Phone system"


def test_a_page_of_the_clinic_opens_for_no_token(programs: Programs) -> None:
    assert programs.call("GET", "/patients", programs.token()).status_code == 303
