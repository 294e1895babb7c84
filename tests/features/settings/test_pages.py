"""The settings, as each role may read them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.capacity.presets import install_presets
from scheduler.features.settings.sections import SECTIONS
from scheduler.models import Closure, DutyException, HolidayOpening, ProtocolVersion, ReminderRule
from tests.support.clinic import NOW, TODAY, SmallClinic, make_site, small_clinic
from tests.support.sign_in import cheap_app, sign_in

OPEN_TO_ALL = ("sites", "closures", "shifts", "protocols")
FOR_ADMINISTRATORS = ("messages", "staff")


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        return small_clinic(session)


def client_of(config: Config, sqlite: Database, clinic: SmallClinic, role: str) -> FlaskClient:
    client = cheap_app(config, sqlite).test_client()
    sign_in(client, sqlite, clinic.users[role])
    return client


@pytest.fixture
def administrator(config: Config, sqlite: Database, clinic: SmallClinic) -> FlaskClient:
    return client_of(config, sqlite, clinic, "administrator")


def read(client: FlaskClient, path: str) -> str:
    """What a person reads, without the markup."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_every_section_is_a_page_for_the_administrator(administrator: FlaskClient) -> None:
    assert administrator.get("/settings").location == "/settings/sites"
    for section in SECTIONS:
        assert section.lead in read(administrator, f"/settings/{section.slug}")


@pytest.mark.parametrize("role", ["front_desk", "nurse", "clinician"])
def test_other_staff_read_what_the_planner_goes_by_and_not_the_accounts(
    config: Config, sqlite: Database, clinic: SmallClinic, role: str
) -> None:
    client = client_of(config, sqlite, clinic, role)
    assert {
        slug: client.get(f"/settings/{slug}").status_code for slug in OPEN_TO_ALL + FOR_ADMINISTRATORS
    } == {
        **dict.fromkeys(OPEN_TO_ALL, 200),
        **dict.fromkeys(FOR_ADMINISTRATORS, 403),
    }
    tabs = client.get("/settings/sites").text
    assert "/settings/staff" not in tabs and "/settings/shifts" in tabs


def test_an_unknown_section_is_not_there(administrator: FlaskClient) -> None:
    assert administrator.get("/settings/secrets").status_code == 404


def test_sites_show_hours_chairs_and_where_messages_come_from(
    administrator: FlaskClient, sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        session.merge(clinic.chairs[1]).retired_at = NOW
    said = read(administrator, "/settings/sites")
    assert "Monday 08:00 to 18:00" in said
    assert "Sunday closed" in said
    assert "Chair 2 Chair not since 2 Nov 2026" in said
    assert "RV, 1 chair" in said
    assert "(212) 555-0100" in said and "appointments@riverside.example" in said
    assert "the chair is free at once" in said


def test_closures_are_told_in_the_sites_time_and_past_ones_are_gone(
    administrator: FlaskClient, sqlite: Database, clinic: SmallClinic
) -> None:
    hour = timedelta(hours=1)
    with sqlite.write() as session:
        for start, chair, reason in (
            (NOW - 9 * hour, None, "Long over"),
            (NOW + hour, clinic.chairs[0].id, "Pump service"),
        ):
            session.add(
                Closure(
                    site_id=clinic.site.id,
                    chair_id=chair,
                    starts_at=start,
                    ends_at=start + hour,
                    reason=reason,
                )
            )
        session.add(HolidayOpening(site_id=clinic.site.id, day=TODAY.replace(day=11)))
    said = read(administrator, "/settings/closures")
    assert "Chair 1 Mon 2 Nov 11:00 Mon 2 Nov 12:00 Pump service" in said
    assert "Long over" not in said
    assert "Thu 26 Nov 2026 Thanksgiving Day closed" in said
    assert "Wed 11 Nov 2026 Veterans Day Open" in said


def test_shifts_show_this_week_and_any_other(
    administrator: FlaskClient, sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        session.add(
            DutyException(
                user_id=clinic.users["nurse"].id, duty="nurse", day=TODAY, breaks=[], reason="Training"
            )
        )
    said = read(administrator, "/settings/shifts")
    assert "2 Nov 2026 to 8 Nov 2026" in said
    assert "Nurse away Training change , Nurse, Mon 2 Nov 08:00 to 18:00 break 12:00 to 12:30" in said
    assert "Open without a nurse on Mon 2 Nov: no visit can be planned then." in said
    later = read(administrator, "/settings/shifts?week=2026-11-12")
    assert "9 Nov 2026 to 15 Nov 2026" in later and "Training" not in later
    assert "This week" in later


@pytest.mark.parametrize("week", ["tomorrow", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_week_that_is_none_says_what_to_write(administrator: FlaskClient, week: str) -> None:
    answer = administrator.get(f"/settings/shifts?week={week}")
    assert answer.status_code == 422
    assert "such as 2026-05-04" in answer.text


def test_protocols_are_rules_in_words_and_earlier_versions_are_kept(
    administrator: FlaskClient, sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        install_presets(session, COMMAND, NOW)
        session.add(
            ProtocolVersion(
                protocol_id=clinic.protocol_version.protocol_id,
                version=2,
                infusions=4,
                gap_min=3,
                gap_max=3,
                gap_target=3,
                span_min=10,
                span_max=10,
                recovery_gap_max=5,
                recovery_span_max=21,
                chair_type="bed",
                created_at=NOW,
            )
        )
    said = read(administrator, "/settings/protocols")
    assert "6 infusions, 3 to 4 days apart; 3 days is best." in said
    assert "From the first to the last it takes 16 to 21 days." in said
    assert "When missed dates are made up: gaps up to 7 days, all within 28 days." in said
    assert "A single infusion. A visit takes 120 minutes in any chair, bed or room." in said
    assert "4 infusions, 3 days apart; 3 days is best." in said
    assert "1 earlier version" in said


def test_reminders_and_staff_are_said_in_words(
    administrator: FlaskClient, sqlite: Database, clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        session.add(ReminderRule(channel="sms", days_before=0, active=False))
        session.merge(clinic.users["clinician"]).disabled_at = NOW
    reminders = read(administrator, "/settings/messages")
    assert "3 days before E-mail On" in reminders and "On the day Text message Off" in reminders
    staff = read(administrator, "/settings/staff")
    assert "Front desk Riverside front_desk@riverside.example" in staff
    assert "Closed on 2 Nov 2026" in staff


def test_an_empty_clinic_says_so_on_every_page(
    config: Config, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        clinic = small_clinic(session)
        make_site(session, "NS", "Northside")
    with sqlite.write() as session:
        for table in ("duty_patterns", "reminder_rules", "protocol_phases", "protocol_versions", "protocols"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
        session.connection().exec_driver_sql("UPDATE sites SET archived_at = '2026-01-01 00:00:00'")
    client = client_of(config, sqlite, clinic, "administrator")
    for slug, words in (
        ("sites", "No site yet"),
        ("closures", "No site yet"),
        ("shifts", "No site yet"),
        ("protocols", "No protocol yet"),
        ("messages", "Nobody is reminded"),
    ):
        assert words in read(client, f"/settings/{slug}")
