"""The desk sees which consents are signed, and never what they say; administrators write the texts."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.outbox.actions.claim import claim_next
from scheduler.features.outbox.actions.prepare import Ready, prepare
from scheduler.models import ConsentForm, ConsentVersion, PatientLink
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, SmallClinic
from tests.support.consents import WORDS, add_text, signed
from tests.support.sign_in import csrf_token


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


@pytest.fixture
def text(database: Database, clinic: SmallClinic) -> ConsentVersion:
    """A consent that everybody signs."""
    with database.write() as session:
        return add_text(session)


def post(client: FlaskClient, path: str, **form: object):  # type: ignore[no-untyped-def]
    """Send a form of ours."""
    return client.post(path, data={"csrf_token": csrf_token(client), **form})


def test_the_front_desk_sees_dates_and_those_who_chart_the_words(
    as_role: SignedIn, database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        paper = signed(session, clinic.patient.id, text)
    path = f"/patients/{clinic.patient.id}/consents"
    desk, nurse = as_role("front_desk"), as_role("nurse")
    page = desk.get(path).text
    assert "Signed on 2 Nov 2026" in page
    assert "A slow drip" not in page
    assert desk.get(f"{path}/{paper.id}").status_code == 403
    assert desk.get(f"{path}/{paper.id}.pdf").status_code == 403
    assert "A slow drip" in nurse.get(f"{path}/{paper.id}").text
    assert nurse.get(f"{path}/{paper.id}.pdf").data.startswith(b"%PDF")


def test_the_desk_withdraws_with_a_reason(
    as_role: SignedIn, database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    with database.write() as session:
        paper = signed(session, clinic.patient.id, text)
    desk, path = as_role("front_desk"), f"/patients/{clinic.patient.id}/consents"
    assert post(desk, f"{path}/{paper.id}/withdraw", reason="").status_code == 422
    assert post(desk, f"{path}/{paper.id}/withdraw", reason="Called on Monday").location == path
    assert "at the desk by Front Desk: Called on Monday" in desk.get(path).text
    assert "Withdrew a consent" in desk.get(f"/patients/{clinic.patient.id}").text


def test_the_mail_says_nothing_of_what_is_signed_and_leads_to_the_door(
    as_role: SignedIn, database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    desk, path = as_role("front_desk"), f"/patients/{clinic.patient.id}/consents"
    for _ in range(2):
        assert post(desk, f"{path}/send").location == path
    with database.write() as session:
        claim = claim_next(session, NOW, "w")
        assert claim is not None
        ready = prepare(session, NOW, "w", claim, "https://clinic.example")
        assert claim_next(session, NOW, "w") is None
        link = session.scalars(select(PatientLink)).one()
    assert isinstance(ready, Ready)
    assert link.purpose == "consents"
    body = ready.body.decode().lower()
    assert "https://clinic.example/d/" in body
    for word in ("consent", "treatment", "marta lindqvist"):
        assert word not in body.replace("/d/", "")


def test_an_administrator_writes_a_text_looks_at_it_and_publishes_it(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    admin = as_role("administrator")
    form = {"title_en": "Treatment", "text_en": WORDS["en"]["text"], "title_es": "", "text_es": ""}
    refused = post(admin, "/settings/consents/new", name="", protocols=["99"], **form)
    assert refused.status_code == 422
    assert "You go home." in refused.text
    made = post(admin, "/settings/consents/new", name="Treatment", **form)
    show = made.location
    assert "<li>You go home.</li>" in admin.get(f"{show}/preview").text
    assert post(admin, f"{show}/publish", seen="7").status_code == 409
    assert post(admin, f"{show}/publish", seen="1").location == show
    assert admin.get(f"{show}/edit").status_code == 404
    with database.read() as session:
        form_id = session.scalars(select(ConsentForm.id)).one()
    draft = post(admin, f"/settings/consents/{form_id}/next").location
    assert post(admin, draft, seen="1", **{**form, "text_en": "Other words."}).status_code == 303
    late = post(admin, draft, seen="1", **{**form, "text_en": "Later words."})
    assert late.status_code == 409
    assert "Later words." in late.text
    assert "goes on counting" in admin.get(draft.removesuffix("/edit")).text
    with database.read() as session:
        versions = session.scalars(select(ConsentVersion).order_by(ConsentVersion.version)).all()
    assert [(one.version, one.asks_again) for one in versions] == [(1, True), (2, False)]
    assert versions[0].words["en"]["text"] == WORDS["en"]["text"]


def test_where_a_consent_is_needed_holds_at_once(
    as_role: SignedIn, database: Database, clinic: SmallClinic, text: ConsentVersion
) -> None:
    admin, protocol = as_role("administrator"), clinic.protocol_version.protocol_id
    path = f"/settings/consents/{text.form_id}/place"
    assert post(admin, path, name="Treatment", protocols=str(protocol), sites="1").status_code == 303
    assert post(admin, path, name="Treatment", protocols="x").status_code == 422
    with database.read() as session:
        form = session.get_one(ConsentForm, text.form_id)
    assert (form.protocol_ids, form.site_ids) == ([protocol], [1])
    assert "Nothing is needed" in as_role("nurse").get(f"/patients/{clinic.patient.id}/consents").text
