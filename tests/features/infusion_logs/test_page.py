"""The page of a log: who may open it, what it says, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.models import AuditEvent, Infusion, InfusionLog, InfusionStatus, VitalSigns
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

DOSE = {
    "seen": "0", "weight_g": "70,0", "dose_ug_per_kg": "0.5", "concentration_ug_per_ml": "10",
    "minutes": "40", "dose_ug": "", "rate_ug_per_h": "", "drug": "Ketamine", "lot": "K4471",
    "expiry": "2027-03-31", "route": "iv",
}  # fmt: skip


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases; what they read and write is tested on both."""
    return sqlite


@pytest.fixture
def visit(database: Database, clinic: SmallClinic) -> Infusion:
    """A visit today at 09:30; it is 10:00."""
    with database.write() as session:
        return add_six(session, clinic, [TODAY, TODAY + timedelta(days=2)], "09:30")[1][0]


def post(client: FlaskClient, visit: Infusion, path: str, **fields: object) -> tuple[int, str]:
    data = {**fields, "csrf_token": csrf_token(client)}
    answer = client.post(f"/infusions/{visit.id}/log/{path}", data=data)
    return answer.status_code, answer.text


def page(client: FlaskClient, visit: Infusion) -> str:
    return client.get(f"/infusions/{visit.id}/log").text


def test_the_dose_works_itself_out_on_the_server(as_role: SignedIn, visit: Infusion) -> None:
    nurse = as_role("nurse")
    assert post(nurse, visit, "dose", **DOSE)[0] == 303
    text = page(nurse, visit)
    assert "35 mg" in text and "3.5 mL" in text and "52.5 mg/h" in text
    assert 'value="70.0"' in text


def test_a_weight_of_7_or_700_is_refused_and_stays_typed_while_the_rest_is_saved(
    as_role: SignedIn, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    for wrong in ("7", "700", "7O"):
        status, text = post(nurse, visit, "dose", **{**DOSE, "weight_g": wrong})
        assert status == 422
        assert f'name="weight_g" type="text" value="{wrong}"' in text
        assert 'value="K4471"' in page(nurse, visit)


def test_an_unusual_weight_is_taken_once_somebody_says_it_is_right(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    status, text = post(nurse, visit, "dose", **{**DOSE, "weight_g": "34"})
    assert status == 422 and 'value="weight_g=34"' in text
    assert post(nurse, visit, "dose", **{**DOSE, "weight_g": "33", "sure": "weight_g=34"})[0] == 422
    assert post(nurse, visit, "dose", **{**DOSE, "weight_g": "34", "sure": "weight_g=34"})[0] == 303
    with database.read() as session:
        assert session.scalars(select(InfusionLog.weight_g)).one() == 34_000


def test_the_front_desk_never_sees_a_log_and_a_nurses_look_is_noted(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    post(as_role("nurse"), visit, "notes", seen="0", notes="Slept well")
    for role in ("front_desk", "administrator"):
        assert as_role(role).get(f"/infusions/{visit.id}/log").status_code == 403
        assert post(as_role(role), visit, "notes", seen="1", notes="x")[0] == 403
    desk = as_role("front_desk")
    assert "/log" not in desk.get(f"/infusions/{visit.id}").text + desk.get("/today").text
    page(as_role("nurse"), visit)
    with database.read() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
        details = [str(each) for each in session.scalars(select(AuditEvent.detail))]
    assert "infusion_log.read" in actions and "infusion_log.saved" in actions
    assert not any("Slept" in each for each in details)


def test_allergies_are_in_sight_and_an_allergy_ends_that_there_are_none(
    as_role: SignedIn, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    assert "Nobody noted whether there are allergies" in page(nurse, visit)
    post(nurse, visit, "cautions", kind="no_allergies", words="")
    assert "No known allergies" in page(nurse, visit)
    post(nurse, visit, "cautions", kind="allergy", words="penicillin")
    text = page(nurse, visit)
    assert "Allergy: penicillin" in text and "No known allergies, asked" not in text
    assert post(nurse, visit, "cautions", kind="no_allergies", words="")[0] == 422


def test_a_row_of_vitals_that_is_impossible_comes_back_as_it_was_typed(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    status, text = post(nurse, visit, "vitals", key="row-0001", sbp="80", dbp="128", pulse="72,5")
    assert status == 422
    assert (
        "128 can&#39;t be the lower pressure beside 80" in text and "Write pulse as a whole number." in text
    )
    assert 'form="vitals-form" inputmode="numeric" maxlength="5" autocomplete="off" value="128"' in text
    assert post(nurse, visit, "vitals", key="row-0001", sbp="128", dbp="80", pulse="72")[0] == 303
    with database.read() as session:
        assert session.scalars(select(VitalSigns.taken_at)).all() == [NOW]


def test_the_script_is_told_what_is_not_saved_and_which_version_stands(
    as_role: SignedIn, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    answer = nurse.post(
        f"/infusions/{visit.id}/log/dose",
        data={**DOSE, "weight_g": "7", "csrf_token": csrf_token(nurse)},
        headers={"Accept": "application/json"},
    )
    told = answer.get_json()
    assert (told["saved"], told["version"], told["fields"]) == (False, 1, ["weight_g"])
    assert "outside 20 to 300 kg" in told["said"] and "Today" in told["parts"]["missing"]


def test_a_visit_that_lies_ahead_has_no_log_yet(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    with database.read() as session:
        ahead = session.scalars(select(Infusion).where(Infusion.number == 2)).one()
    assert post(nurse, ahead, "notes", seen="0", notes="x")[0] == 422
    assert "Nothing can be charted here now" in page(nurse, ahead)


def test_a_log_is_complete_when_nothing_is_missing_and_any_change_opens_it_again(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    status, text = post(nurse, visit, "complete")
    assert status == 422 and "things are missing" in text
    post(nurse, visit, "vitals", key="row-0001", sbp="128", dbp="80", taken="09:20")
    asked = ("identity_checked", "consent_on_file", "fasting_solids", "fasting_liquids")
    answers = dict.fromkeys(asked, "yes") | {"pregnancy_test": "negative", "escort_named": "Ada"}
    post(nurse, visit, "before", seen="0", **answers)
    post(nurse, visit, "dose", **DOSE)
    post(nurse, visit, "times", seen="0", started_at="09:30", stopped_at="10:00")
    post(nurse, visit, "discharge", seen="0", check_u1="yes", check_u2="yes", check_u3="yes")
    post(
        nurse,
        visit,
        "escort",
        seen="0",
        escort_came="yes",
        escort_name="Ada",
        escort_at="09:58",
        left_at="10:00",
    )
    assert "Nothing is missing." in page(nurse, visit)
    assert post(nurse, visit, "complete")[0] == 303
    assert "Any change opens it again" in page(nurse, visit)
    post(nurse, visit, "notes", seen="0", notes="Phoned in the evening")
    with database.read() as session:
        assert session.scalars(select(InfusionLog.status)).one() == "draft"


def test_a_log_without_a_visit_that_was_checked_in_or_ended_says_so(
    as_role: SignedIn, database: Database, visit: Infusion
) -> None:
    nurse = as_role("nurse")
    assert "not checked in" not in page(nurse, visit)
    post(nurse, visit, "dose", **DOSE)
    assert "The patient is not checked in" in page(nurse, visit)
    with database.write() as session:
        session.get_one(Infusion, visit.id).status = InfusionStatus.IN_PROGRESS
    assert "Open the visit" not in page(nurse, visit)
    post(nurse, visit, "escort", seen="0", left_at="09:55")
    assert "The visit is not ended yet" in page(nurse, visit)
