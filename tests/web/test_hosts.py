"""Which names Sixfold answers to."""

import dataclasses

import pytest
from flask.testing import FlaskClient

from scheduler.config import Config
from scheduler.db import Database
from tests.support.sign_in import cheap_app


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:8000", "[::1]:8000"])
def test_on_loopback_its_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8000",
        "",
        "[::1",
        "a b",
        "127.0.0.1@evil.example",
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/", "/nothing-here", "/static/sixfold.css"])
def test_any_other_name_gets_a_page_that_says_what_to_do(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "Use the address that the clinic gave you" in answer.text
    assert "evil" not in answer.text + str(answer.headers)


def test_with_an_address_set_only_that_name_counts(config: Config, sqlite: Database) -> None:
    public = dataclasses.replace(config, host="0.0.0.0", base_url="https://book.example.org")  # noqa: S104
    client = cheap_app(public, sqlite).test_client()
    assert client.get("/sign-in", headers={"Host": "book.example.org"}).status_code == 200
    assert client.get("/sign-in", headers={"Host": "127.0.0.1"}).status_code == 400


def test_proxy_headers_count_only_where_a_proxy_is_configured(config: Config, sqlite: Database) -> None:
    told = {"X-Forwarded-Host": "book.example.org", "X-Forwarded-Proto": "https", "Host": "10.0.0.7"}
    public = dataclasses.replace(config, base_url="https://book.example.org", host="10.0.0.7")
    assert cheap_app(public, sqlite).test_client().get("/sign-in", headers=told).status_code == 400
    behind = dataclasses.replace(public, proxies=1)
    assert cheap_app(behind, sqlite).test_client().get("/sign-in", headers=told).status_code == 200


def test_a_load_balancer_may_ask_for_the_health_under_the_machines_number(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"Host": "10.0.0.7"})
    assert set(answer.json) == {"database", "worker", "worker_tick_age_s", "outbox"}
