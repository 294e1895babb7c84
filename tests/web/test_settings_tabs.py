"""The row of tabs over the settings: on every page of them, whichever slice the page belongs to."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.web.settings_tabs import in_settings
from tests.web.conftest import AsRole

ROW = re.compile(r'<nav class="tabs tabs-many" aria-label="Settings">(.*?)</nav>', re.DOTALL)
TAB = re.compile(r'<a href="([^"]+)"( aria-current="page")?>')


def row_on(client: FlaskClient, path: str) -> tuple[list[str], list[str]]:
    """The addresses of the row's tabs on the page at `path`, and those of them that are marked."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = ROW.search(answer.text)
    tabs = TAB.findall(found.group(1)) if found else []
    return [href for href, _ in tabs], [href for href, here in tabs if here]


@pytest.mark.parametrize(("role", "least"), [("administrator", 20), ("clinician", 6), ("front_desk", 5)])
def test_each_tab_opens_for_who_sees_it_and_leads_to_the_same_row(
    as_role: AsRole, role: str, least: int
) -> None:
    client = as_role(role)
    row, _ = row_on(client, "/settings/sites")
    assert len(row) >= least
    for href in row:
        assert row_on(client, href) == (row, [href])


def test_every_page_under_the_settings_belongs_to_a_tab(app: Flask) -> None:
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/settings/", "/calendars"))
        and not rule.rule.endswith((".csv", "<section>"))
    ]
    assert [each for each in pages if not in_settings(each)] == []


@pytest.mark.parametrize(
    ("path", "tab"),
    [
        ("/settings/sites/1/hours", "/settings/sites"),
        ("/settings/chairs/1", "/settings/sites"),
        ("/settings/sites/1/holidays/2026-11-26", "/settings/closures"),
        ("/settings/instruments", "/settings/protocols"),
        ("/settings/api/webhooks", "/settings/api"),
        ("/calendars/published", "/calendars"),
    ],
)
def test_a_page_behind_a_tab_marks_the_tab_it_came_from(as_role: AsRole, path: str, tab: str) -> None:
    assert row_on(as_role("administrator"), path)[1] == [tab]


def test_no_other_page_carries_the_row_and_calendars_stand_under_settings(as_role: AsRole) -> None:
    client = as_role("administrator")
    assert row_on(client, "/messages") == ([], [])
    assert '<a href="/settings" aria-current="page">' in client.get("/calendars").text
