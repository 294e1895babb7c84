"""The patients' pages, as the browser gets them."""

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.db import Database
from scheduler.errors import BusyError
from scheduler.features.patients import views
from scheduler.models import AuditEvent, Patient
from tests.features.conftest import SignedIn
from tests.support.clinic import SmallClinic, make_patient
from tests.support.sign_in import csrf_token

TICKS = [f"{day}{half}" for day in range(7) for half in "ap"]
NEW = {
    "given_name": "Zoë",
    "family_name": "O'Neil <b>",
    "birth_date": "3/14/1990",
    "phone": "(212) 555-0188",
    "email": "zoe@Example.org",
    "language": "en",
    "record_number": "",
    "time_zone": "",
    "can": TICKS,
}


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One database is enough for what a page says; the rules below it are tested on both."""
    return sqlite


@pytest.fixture
def desk(as_role: SignedIn) -> FlaskClient:
    return as_role("front_desk")


def post(client: FlaskClient, path: str, clinic: SmallClinic, **changes: object) -> TestResponse:
    fields = {**NEW, "site_id": str(clinic.site.id), "csrf_token": csrf_token(client), **changes}
    return client.post(path, data={name: value for name, value in fields.items() if value is not None})


def text_of(answer: TestResponse) -> str:
    """What a person reads, without the markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def patients(database: Database) -> list[Patient]:
    with database.read() as session:
        return list(session.scalars(select(Patient).order_by(Patient.id)))


def actions(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_the_list_finds_and_says_where_nobody_fits(desk: FlaskClient) -> None:
    assert "Lindqvist, Marta" in desk.get("/patients").text
    assert "Lindqvist, Marta" in desk.get("/patients?q=lin").text
    nobody = desk.get("/patients?q=<script>")
    assert "Nobody fits “<script>”" in text_of(nobody)
    assert "<script>”" not in nobody.text
    assert "Nobody is archived" in desk.get("/patients?archived=1").text


def test_the_live_list_is_the_part_alone_and_leaves_no_trace(desk: FlaskClient, database: Database) -> None:
    live = desk.get("/patients?q=lin", headers={"HX-Request": "true"})
    assert live.text.lstrip().startswith("<section")
    assert "Lindqvist, Marta" in live.text
    assert "patients.listed" not in actions(database)
    desk.get("/patients?q=lin")
    assert actions(database).count("patients.listed") == 1


@pytest.mark.parametrize("cursor", ["after=x", "after=0", "before=99999999999999", "after=²", "before=1"])
def test_any_mark_of_a_page_gives_a_page(desk: FlaskClient, cursor: str) -> None:
    assert desk.get(f"/patients?{cursor}").status_code == 200


def test_the_field_in_the_bar_lists_links_and_stays_shut_for_one_digit(
    desk: FlaskClient, clinic: SmallClinic, database: Database
) -> None:
    with database.write() as session:
        make_patient(session, clinic.site, 2, given_name="<i>Ada", family_name="Lindholm")
    found = desk.get("/patients/search?q=lind").text
    assert f'href="/patients/{clinic.patient.id}"' in found
    assert "Born 14 Mar 1986, RV-00001" in found
    assert "&lt;i&gt;Ada" in found
    assert desk.get("/patients/search?q=1").text == ""
    assert "add a patient" in desk.get("/patients/search?q=zzz").text


def test_a_patient_is_added_and_shown(desk: FlaskClient, clinic: SmallClinic, database: Database) -> None:
    answer = post(desk, "/patients/new", clinic)
    added = patients(database)[-1]
    assert (answer.status_code, answer.location) == (303, f"/patients/{added.id}")
    assert (added.name, added.birth_date) == ("Zoë O'Neil <b>", date(1990, 3, 14))
    assert (added.phone, added.email) == ("+12125550188", "zoe@example.org")
    assert added.record_number == "RV-10001"
    assert "patient.added" in actions(database)
    shown = desk.get(answer.location)
    assert "Zoë O'Neil <b> is added as RV-10001." in text_of(shown)


def test_a_patient_under_18_is_added_with_who_signs_for_them(
    desk: FlaskClient, clinic: SmallClinic, database: Database
) -> None:
    refused = post(desk, "/patients/new", clinic, birth_date="3 Nov 2008")
    assert refused.status_code == 422
    assert "Somebody under 18 needs a parent or guardian" in text_of(refused)
    assert len(patients(database)) == 1
    comes_of_age = post(desk, "/patients/new", clinic, birth_date="2 Nov 2008")
    named = {"birth_date": "3 Nov 2008", "guardian_name": "  Ada  O'Neil ", "do": "add-anyway"}
    added = post(desk, "/patients/new", clinic, **named)
    assert patients(database)[-1].guardian_name == "Ada O'Neil"
    assert "Guardian Ada O'Neil" in text_of(desk.get(added.location))
    assert "Guardian" not in text_of(desk.get(comes_of_age.location))
    emptied = post(desk, f"{added.location}/edit", clinic, birth_date="3 Nov 2008", version="1")
    assert emptied.status_code == 422


def test_a_record_that_never_had_a_guardian_says_so_and_can_be_corrected_without_one(
    desk: FlaskClient, clinic: SmallClinic, database: Database
) -> None:
    with database.write() as session:
        young = make_patient(session, clinic.site, 2, birth_date=date(2012, 5, 1)).id
    assert "Guardian Not named yet" in text_of(desk.get(f"/patients/{young}"))
    saved = post(desk, f"/patients/{young}/edit", clinic, birth_date="1 May 2012", version="1")
    assert (saved.status_code, patients(database)[-1].email) == (303, "zoe@example.org")


def test_adding_for_a_course_leads_on_to_it(
    desk: FlaskClient, clinic: SmallClinic, database: Database
) -> None:
    assert "Add, then book a course" in desk.get("/patients/new?then=book").text
    answer = post(desk, "/patients/new", clinic, then="book")
    assert answer.location == f"/courses/new?patient={patients(database)[-1].id}"


def test_a_name_that_was_looked_for_in_vain_is_written_in(desk: FlaskClient) -> None:
    form = desk.get("/patients/new?q=Ada Zito").text
    assert 'value="Ada"' in form and 'value="Zito"' in form


def test_mistakes_are_named_at_their_fields_and_everything_typed_is_kept(
    desk: FlaskClient, clinic: SmallClinic, database: Database
) -> None:
    answer = post(
        desk,
        "/patients/new",
        clinic,
        birth_date="31.4.1990",
        phone="555",
        email="a@x.org, b@x.org",
        family_name="",
        can=None,
        hday="2",
        hfrom="09:00",
        hto="",
        afirst="2026-12-24",
        alast="2026-12-01",
        afrom="",
        ato="",
        anote="Reise & mehr",
    )
    said = text_of(answer)
    assert answer.status_code == 422
    for sentence in (
        "6 things need changing",
        "The calendar has no “31.4.1990”. Check the day and the month.",
        "Write the family name.",
        "too few digits",
        "Write one address only",
        "Write both times, from and to.",
        "The last day away is before the first.",
    ):
        assert sentence in said
    for kept in ("31.4.1990", "555", "a@x.org, b@x.org", "09:00", "2026-12-24", "Reise &amp; mehr"):
        assert f'value="{kept}"' in answer.text
    assert len(patients(database)) == 1


def test_a_line_is_added_and_taken_away_without_scripts_and_nothing_is_saved(
    desk: FlaskClient, clinic: SmallClinic, database: Database
) -> None:
    more = post(desk, "/patients/new", clinic, do="add-hours", hday="3", hfrom="10:00", hto="11:00")
    assert more.status_code == 200
    assert more.text.count('name="hfrom"') == 2
    assert 'value="10:00"' in more.text and "Zoë" in more.text
    less = post(desk, "/patients/new", clinic, do="drop-hours-0", hday="3", hfrom="10:00", hto="11:00")
    assert less.text.count('name="hfrom"') == 0
    away = post(desk, "/patients/new", clinic, do="add-away")
    assert away.text.count('name="afirst"') == 1
    live = desk.post(
        "/patients/new",
        data={"do": "add-away", "csrf_token": csrf_token(desk)},
        headers={"HX-Request": "true"},
    )
    assert 'id="when"' in live.text and "<html" not in live.text
    assert len(patients(database)) == 1


def test_somebody_who_looks_the_same_is_pointed_out_and_can_be_added_all_the_same(
    desk: FlaskClient, clinic: SmallClinic, database: Database
) -> None:
    twin = {"given_name": "Marta", "family_name": "Lindkvist", "birth_date": "14 Mar 1986"}
    answer = post(desk, "/patients/new", clinic, **twin)
    assert answer.status_code == 422
    assert "Perhaps already here" in answer.text and "RV-00001" in answer.text
    assert "Marta Lindkvist 14 Mar 1986 (212) 555-0188 zoe@example.org As you typed, not saved" in text_of(
        answer
    )
    assert "Marta Lindqvist 14 Mar 1986 same (212) 555-0123" in text_of(answer)
    assert len(patients(database)) == 1
    assert post(desk, "/patients/new", clinic, do="add-anyway", **twin).status_code == 303
    assert len(patients(database)) == 2


def test_a_taken_record_number_is_said_at_its_field(desk: FlaskClient, clinic: SmallClinic) -> None:
    answer = post(desk, "/patients/new", clinic, record_number="rv-00001")
    assert answer.status_code == 409
    assert "Another patient has this record number. Leave the field empty" in text_of(answer)
    assert 'value="rv-00001"' in answer.text


def test_editing_shows_what_is_stored_and_the_read_is_audited(
    desk: FlaskClient, clinic: SmallClinic, database: Database
) -> None:
    form = desk.get(f"/patients/{clinic.patient.id}/edit")
    for value in ("Marta", "Lindqvist", "14 Mar 1986", "(212) 555-0123", "marta1@example.org", "RV-00001"):
        assert f'value="{value}"' in form.text
    assert actions(database)[-1] == "patient.read"


def test_saving_goes_back_to_the_patient(desk: FlaskClient, clinic: SmallClinic, database: Database) -> None:
    path = f"/patients/{clinic.patient.id}/edit"
    answer = post(desk, path, clinic, version="1", record_number="RV-00001")
    assert (answer.status_code, answer.location) == (303, f"/patients/{clinic.patient.id}")
    saved = patients(database)[0]
    assert (saved.given_name, saved.version) == ("Zoë", 2)


def test_two_people_editing_lose_nothing(desk: FlaskClient, clinic: SmallClinic, database: Database) -> None:
    path = f"/patients/{clinic.patient.id}/edit"
    same = {"given_name": "Marta", "family_name": "Lindqvist", "birth_date": "14 Mar 1986"}
    post(desk, path, clinic, version="1", **same, phone="212 555 0142")
    answer = post(desk, path, clinic, version="1", **{**same, "given_name": "Märta"}, phone="212 555 0143")
    assert answer.status_code == 409
    assert "Changed by Front Desk at 10:00, while you were typing" in text_of(answer)
    assert "Front Desk saved (212) 555-0142; your form says (212) 555-0143" in text_of(answer)
    assert 'value="212 555 0143"' in answer.text and 'value="Märta"' in answer.text
    assert 'name="version" value="2"' in answer.text
    kept = post(
        desk,
        path,
        clinic,
        version="2",
        do="keep-theirs",
        differs="phone",
        **{**same, "given_name": "Märta"},
        phone="212 555 0143",
    )
    assert kept.status_code == 303
    saved = patients(database)[0]
    assert (saved.given_name, saved.phone) == ("Märta", "+12125550142")


def test_saving_mine_after_a_clash_wins(desk: FlaskClient, clinic: SmallClinic, database: Database) -> None:
    path = f"/patients/{clinic.patient.id}/edit"
    post(desk, path, clinic, version="1", phone="212 555 0142")
    post(desk, path, clinic, version="1", phone="212 555 0143")
    assert post(desk, path, clinic, version="2", phone="212 555 0143").status_code == 303
    assert patients(database)[0].phone == "+12125550143"


def test_a_patient_removed_meanwhile_gives_the_form_back_to_add_them_anew(
    desk: FlaskClient, clinic: SmallClinic
) -> None:
    answer = post(desk, "/patients/9999/edit", clinic, version="1")
    assert answer.status_code == 404
    assert "What you typed is still below" in text_of(answer)
    assert 'action="/patients/new"' in answer.text and 'value="Zoë"' in answer.text


def test_a_database_that_can_not_be_written_keeps_what_was_typed(
    desk: FlaskClient, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **_more: object) -> None:
        raise BusyError("The database can't be written just now. Nothing was saved.")

    monkeypatch.setattr(views.record, "add_patient", refuse)
    answer = post(desk, "/patients/new", clinic)
    assert answer.status_code == 503
    assert "The database can't be written just now." in text_of(answer)
    assert 'value="Zoë"' in answer.text


def test_archiving_and_taking_back(desk: FlaskClient, clinic: SmallClinic, database: Database) -> None:
    path = f"/patients/{clinic.patient.id}"
    token = {"csrf_token": csrf_token(desk)}
    assert desk.post(f"{path}/archive", data=token).location == path
    assert "Lindqvist, Marta" not in desk.get("/patients").text
    assert "Lindqvist, Marta" in desk.get("/patients?archived=1").text
    assert "1 patient fits among the archived ones" in text_of(desk.get("/patients?q=lind"))
    assert desk.post(f"{path}/unarchive", data=token).location == path
    assert "Lindqvist, Marta" in desk.get("/patients").text


@pytest.mark.parametrize("path", ["/patients", "/patients/search?q=lin", "/patients/new", "/patients/1/edit"])
def test_administrators_open_no_patients(as_role: SignedIn, path: str) -> None:
    assert as_role("administrator").get(path).status_code == 403
