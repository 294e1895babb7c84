"""The screen on the wall: what it says, what it never says, and who opens it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.accounts.actions.access_tokens import create_token, revoke_token
from scheduler.features.capacity.queries import site as get_site
from scheduler.features.desk.queries.board import board_of
from scheduler.features.desk.wall import Wall, wall_of
from scheduler.models import AccessToken, InfusionStatus
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_course, add_six, add_visit, local


@pytest.fixture
def client(as_role: SignedIn) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return as_role("nurse").application.test_client()


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases; what they read is tested on both."""
    return sqlite


def make(database: Database, clinic: SmallClinic, **facts: object) -> tuple[int, str]:
    with database.write() as session:
        token, raw = create_token(
            session, COMMAND, NOW, kind="wall", name="Hall", site_id=clinic.site.id, **facts
        )  # type: ignore[arg-type]
        return token.id, raw


def day_of(database: Database, clinic: SmallClinic, plan: Sequence[tuple[int, str, str, dict]]) -> Wall:
    with database.write() as session:
        for number, (chair, at, status, facts) in enumerate(plan, 1):
            add_visit(
                session,
                add_course(session, clinic),
                clinic.chairs[chair],
                number,
                local(clinic.site, TODAY, at),
                InfusionStatus(status),
                **facts,
            )
    with database.read() as session:
        return wall_of(board_of(session, get_site(session, clinic.site.id), TODAY, NOW))


def test_a_chair_tells_its_phase_from_when_the_visit_began(database: Database, clinic: SmallClinic) -> None:
    began = local(clinic.site, TODAY, "09:30")
    wall = day_of(database, clinic, [(0, "09:00", "in_progress", {"started_at": began})])
    first, second = wall.chairs
    assert (first.words, f"{first.until:%H:%M}") == ("Infusion until", "10:30")
    assert (second.state, second.words) == ("free", "Free")
    assert wall.counts[1] == (1, "in a chair")


def test_a_visit_beyond_its_time_is_said_to_be_over(database: Database, clinic: SmallClinic) -> None:
    began = local(clinic.site, TODAY, "07:45")
    wall = day_of(
        database,
        clinic,
        [(0, "07:45", "in_progress", {"started_at": began}), (0, "13:00", "scheduled", {})],
    )
    assert (wall.chairs[0].state, wall.chairs[0].words) == ("over", "Over by 15 min, was until")
    assert wall.chairs[0].then == "Next at 13:00"


def test_a_chair_whose_patient_is_due_is_kept(database: Database, clinic: SmallClinic) -> None:
    wall = day_of(database, clinic, [(0, "10:20", "scheduled", {}), (1, "13:00", "scheduled", {})])
    assert [chair.state for chair in wall.chairs] == ["kept", "free"]
    assert wall.chairs[1].words == "Free until"


def test_the_wall_names_nobody(client: FlaskClient, database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        add_six(session, clinic, [TODAY], "09:30")
    _, raw = make(database, clinic)
    for path in (f"/wall/{raw}", f"/wall/{raw}?part=live"):
        page = client.get(path)
        assert page.status_code == 200
        for secret in (
            "Marta",
            "Lindqvist",
            "M. L",
            clinic.patient.record_number,
            "/infusions/",
            "/patients",
        ):
            assert secret not in page.text, secret
        assert "Chair 1" in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Robots-Tag"] == "noindex"


def test_wrong_expired_and_revoked_addresses_answer_alike(
    client: FlaskClient, database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked_id, revoked = make(database, clinic)
    _, expired = make(database, clinic, expires_at=NOW + timedelta(minutes=1))
    with database.write() as session:
        revoke_token(session, COMMAND, NOW, revoked_id)
        _, api = create_token(session, COMMAND, NOW, kind="api", name="x", scopes=["patients:read"])
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=2))
    answers = [client.get(f"/wall/{token}") for token in ("never-made", revoked, expired, api)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_a_wall_ignores_the_log_in_of_its_browser(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    _, raw = make(database, clinic)
    page = as_role("nurse").get(f"/wall/{raw}")
    assert page.status_code == 200
    assert "Sign out" not in page.text
    assert "Set-Cookie" not in page.headers


def test_the_secret_of_a_wall_is_in_no_log(
    client: FlaskClient, database: Database, clinic: SmallClinic, capsys: pytest.CaptureFixture[str]
) -> None:
    _, raw = make(database, clinic)
    client.get(f"/wall/{raw}")
    client.get(f"/wall/{raw}x")
    said = capsys.readouterr()
    assert raw not in said.out + said.err


def test_an_administrator_sees_a_new_address_once_and_can_end_it(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    client = as_role("administrator")
    form = {
        "csrf_token": csrf_token(client),
        "name": "Nurses' room",
        "site": str(clinic.site.id),
        "lifetime": "90",
    }
    page = client.post("/settings/wall", data=form).text
    address = page.split('id="made" readonly value="')[1].split('"')[0]
    path = "/wall/" + address.rsplit("/", 1)[1]
    assert client.get(path).status_code == 200
    assert address not in client.get("/settings/wall").text
    with database.read() as session:
        token = session.scalars(select(AccessToken)).one()
    assert (token.kind, token.site_id, token.expires_at) == ("wall", clinic.site.id, NOW + timedelta(days=90))
    assert client.post(f"/settings/wall/{token.id}/revoke", data=form).status_code == 303
    assert client.get(path).status_code == 404
    assert "Ended" in client.get("/settings/wall").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "Write what the token is for"),
        ({"site": "999"}, "Choose the site"),
        ({"lifetime": "0"}, "Choose when the address ends"),
    ],
)
def test_an_address_that_cannot_be_made_keeps_what_was_typed(
    as_role: SignedIn, clinic: SmallClinic, changed: dict[str, str], said: str
) -> None:
    client = as_role("administrator")
    form = {"name": "Hall", "site": str(clinic.site.id), "lifetime": "365", **changed}
    form["csrf_token"] = csrf_token(client)
    answer = client.post("/settings/wall", data=form)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_token_of_a_program_is_not_ended_on_the_page_of_walls(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        token, _ = create_token(session, COMMAND, NOW, kind="api", name="x", scopes=["patients:read"])
    client = as_role("administrator")
    proof = {"csrf_token": csrf_token(client)}
    assert client.post(f"/settings/wall/{token.id}/revoke", data=proof).status_code == 404
