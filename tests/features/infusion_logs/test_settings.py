"""What a clinic decides about charting; a log that was begun does not change under anybody's hands."""

import pytest
from flask.testing import FlaskClient

from scheduler.db import Database
from scheduler.features.infusion_logs.queries.rules import checks_of, rules_of
from scheduler.features.infusion_logs.rules import USUAL_ITEMS, Rules
from tests.features.conftest import SignedIn
from tests.support.clinic import TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

STRICT = {
    "start_sbp": "140", "start_dbp": "90", "act_sbp": "170", "act_dbp": "105", "during_minutes": "5",
    "after_minutes": "10", "seen": "0",
}  # fmt: skip


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(f"/settings/charting/1/{path}", data={**fields, "csrf_token": csrf_token(client)})
    return answer.status_code, answer.text


def test_a_protocol_has_its_own_limits_before_the_sites_before_the_usual(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    client = as_role("administrator")
    assert post(client, "limits", **STRICT)[0] == 303
    assert post(client, "limits", **{**STRICT, "protocol": "1", "start_sbp": "130"})[0] == 303
    with database.read() as session:
        found = [rules_of(session, *each).start_sbp for each in ((1, 1), (1, 9), (9, 1))]
    assert found == [130, 140, 160]
    assert post(client, "limits", usual="1", seen="1")[0] == 303
    with database.read() as session:
        assert rules_of(session, 1, 9) == Rules()


def test_limits_that_make_no_sense_or_were_changed_meanwhile_are_refused_and_stay_typed(
    as_role: SignedIn, clinic: SmallClinic
) -> None:
    client = as_role("administrator")
    status, page = post(client, "limits", **{**STRICT, "act_sbp": "120"})
    assert status == 422 and "can&#39;t lie below the one for starting" in page and 'value="120"' in page
    post(client, "limits", **STRICT)
    status, page = post(client, "limits", **STRICT)
    assert status == 409 and "Somebody else changed this" in page


def test_a_log_keeps_the_limits_and_the_answers_it_was_begun_with(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        visit = add_six(session, clinic, [TODAY], "09:30")[1][0]
    nurse, client = as_role("nurse"), as_role("administrator")
    token = {"csrf_token": csrf_token(nurse)}
    nurse.post(f"/infusions/{visit.id}/log/discharge", data={"seen": "0", "check_u1": "yes", **token})
    post(client, "limits", **STRICT)
    assert post(client, "discharge", lines="Drank something\r\nWalks\nWalks", seen="")[0] == 303
    page = nurse.get(f"/infusions/{visit.id}/log").text
    assert "Every 10 minutes during" in page
    assert "Awake and oriented" in page and "Drank something" in page and "Walks without help" not in page
    with database.read() as session:
        assert [field.label for field in checks_of(session, 1)] == ["Drank something", "Walks"]
        assert [field.label for field in checks_of(session, 2)] == list(USUAL_ITEMS)
