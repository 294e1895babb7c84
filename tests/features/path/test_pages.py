"""The list of requests and the page of one: who waits longest comes first, and one click books."""

import re
from datetime import timedelta

from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.intake.steps import advance, set_next
from scheduler.features.path.actions.turn import close
from scheduler.models import Consultation, ConsultationRequest, Patient, RequestStatus, User
from tests.features.conftest import SignedIn
from tests.features.desk.test_board import counted
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.requests import ROSA, make_request
from tests.support.sign_in import csrf_token

S = RequestStatus
EARLIER = NOW - timedelta(days=9)


def names(page: str) -> list[str]:
    """The people of the list, in its order."""
    return re.findall(r'href="/requests/\d+">([^<]+)</a>', page)


def test_what_nobody_answered_comes_first_then_what_is_late(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        later = make_request(session, clinic, 1)
        advance(session, ROSA, NOW, later, S.CONTACTED)
        late = make_request(session, clinic, 2, at=EARLIER)
        advance(session, ROSA, EARLIER, late, S.CONTACTED)
        make_request(session, clinic, 3, at=EARLIER)
        make_request(session, clinic, 4)
        close(session, ROSA, NOW, make_request(session, clinic, 5).id, "Went elsewhere")
    client = as_role("front_desk")
    order = ["Ines Okafor3", "Ines Okafor4", "Ines Okafor2", "Ines Okafor1"]
    page = client.get("/requests").text
    assert names(page) == order
    assert "2 people to answer" in page and "2 late" in page
    assert names(client.get("/requests?group=late").text) == ["Ines Okafor3", "Ines Okafor2"]
    assert names(client.get("/requests?q=okafor4").text) == ["Ines Okafor4"]
    assert names(client.get("/requests?group=over").text) == ["Ines Okafor5"]
    assert [line.split(",")[1] for line in client.get("/requests.csv").text.splitlines()[1:]] == order


def test_who_asked_with_the_same_number_or_address_is_named_beside_each_other(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        mother = make_request(session, clinic, 1, given_name="Ada", email="family@example.org")
        son = make_request(session, clinic, 2, given_name="Ben", email="family@example.org")
        again = make_request(session, clinic, 3, given_name="Ida", email=None, phone=mother.phone)
        make_request(session, clinic, 4, given_name="Otto", email=None)
        make_request(session, clinic, 5, given_name="Eva", email=None, phone=None, erased_at=NOW)
        asked = [mother.id, son.id, again.id]
    client = as_role("front_desk")
    found = [
        re.findall(r'href="/requests/\d+">(\w+) ', client.get(f"/requests/{each}").text) for each in asked
    ]
    assert found == [["Ida", "Ben"], ["Ada"], ["Ada"]]


def test_one_click_on_the_list_books_a_time_that_fits(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        first = make_request(session, clinic, 1).id
        make_request(session, clinic, 2)
        make_request(session, clinic, 3, is_minor=True)
    client = as_role("front_desk")
    page = client.get("/requests").text
    slots = re.findall(r'name="slot" value="([^"]+)"', page)
    assert len(slots) == len(set(slots)) == 4, "two for each, never the same; none without a guardian"
    form = {"slot": slots[0], "way": "in_person", "key": "one", "csrf_token": csrf_token(client)}
    assert client.post(f"/requests/{first}/consultation", data=form).status_code == 303
    with database.read() as session:
        assert session.scalars(select(Consultation.request_id)).all() == [first]
        assert session.get_one(ConsultationRequest, first).status is S.BOOKED


def test_closing_a_request_calls_its_consultation_off(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        asked = make_request(session, clinic).id
    client = as_role("front_desk")
    slot = re.findall(r'name="slot" value="([^"]+)"', client.get("/requests").text)[0]
    token = csrf_token(client)
    client.post(
        f"/requests/{asked}/consultation",
        data={"slot": slot, "way": "in_person", "key": "one", "csrf_token": token},
    )
    assert "is called off, and the person is told" in client.get(f"/requests/{asked}/close").text
    client.post(f"/requests/{asked}/close", data={"reason": "Went elsewhere", "csrf_token": token})
    with database.read() as session:
        assert session.scalars(select(Consultation.status)).all() == ["cancelled"]
        assert session.get_one(ConsultationRequest, asked).status is S.CLOSED


def test_the_desk_leads_who_asked_to_the_record_they_have(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    known = clinic.patient
    with database.write() as session:
        asked = make_request(session, clinic, given_name="Marthe", family_name="Lindkvist").id
    client = as_role("front_desk")
    form = {"birth_date": known.birth_date.isoformat(), "csrf_token": csrf_token(client)}
    page = client.post(f"/requests/{asked}/record", data=form)
    assert page.status_code == 409 and known.record_number in page.text
    form["which"] = str(known.id)
    assert client.post(f"/requests/{asked}/record", data=form).status_code == 303
    with database.read() as session:
        assert session.get_one(ConsultationRequest, asked).patient_id == known.id
        assert len(session.scalars(select(Patient)).all()) == 1
    assert known.record_number in client.get(f"/requests/{asked}").text


def test_nothing_typed_is_lost_where_a_plan_is_refused(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        request = make_request(session, clinic)
        asked, seen = request.id, request.version
        set_next(session, ROSA, NOW, request, "Write a letter", TODAY + timedelta(days=2))
        request.owner_id = clinic.users["nurse"].id
    client = as_role("front_desk")
    form = {"next_step": "Ask the mother", "due": "2026-11-05", "owner": "", "seen": str(seen)}
    page = client.post(f"/requests/{asked}/plan", data={**form, "csrf_token": csrf_token(client)})
    assert page.status_code == 409
    assert 'value="Ask the mother"' in page.text and "Write a letter" in page.text


def test_the_list_takes_no_more_queries_for_more_people(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    client = as_role("front_desk")

    def cost(path: str) -> int:
        with counted(database) as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    with database.write() as session:
        for number in range(1, 6):
            asked = make_request(session, clinic, number).id
    cost("/requests")  # What is kept of the capacity is read once.
    few = cost("/requests")
    with database.write() as session:
        for number in range(6, 60):
            make_request(session, clinic, number)
    assert cost("/requests") == few <= 24
    assert cost(f"/requests/{asked}") <= 32


def test_closing_without_a_tick_says_so_on_the_same_list(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for number in (1, 2):
            make_request(session, clinic, number)
    client = as_role("front_desk")
    shown = client.get("/requests?group=new&q=okafor2&owner=nobody").text
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', shown[shown.index('id="sweep"') :]))
    page = client.post("/requests/close", data=form)
    assert page.status_code == 422 and "Nothing was ticked, so nothing was closed" in page.text
    assert names(page.text) == ["Ines Okafor2"] and 'value="okafor2"' in page.text
    form["request"] = "2"
    assert client.post("/requests/close", data=form).location.endswith("?group=new&owner=nobody&q=okafor2")
    client.post("/requests/close", data=form)
    said = client.get("/requests?group=new").text
    assert "0 requests closed" in said and "1 other had an answer by then and stays." in said


def test_the_list_and_its_file_show_what_one_of_the_staff_looks_after(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    nurse, gone, desk = (clinic.users[name].id for name in ("nurse", "clinician", "front_desk"))
    with database.write() as session:
        for number, owner in ((1, nurse), (2, gone), (3, desk), (4, None)):
            make_request(session, clinic, number, owner_id=owner)
        session.get_one(User, gone).disabled_at = NOW
    client = as_role("front_desk")
    options = re.findall(r'<option value="(\w*)"[^>]*>([^<]+)<', client.get("/requests").text)
    assert options[-5:] == [
        ("", "Anybody"),
        ("me", "Me"),
        ("nobody", "Nobody yet"),
        (str(gone), "Clinician, who has left"),
        (str(nurse), "Nurse"),
    ]
    for owner, mine in (
        (str(nurse), "Ines Okafor1"),
        (str(gone), "Ines Okafor2"),
        (str(desk), "Ines Okafor3"),
    ):
        assert names(client.get(f"/requests?owner={owner}").text) == [mine]
        rows = client.get(f"/requests.csv?owner={owner}").text.splitlines()
        assert [line.split(",")[1] for line in rows[1:]] == [mine]
    assert len(names(client.get("/requests?owner=999").text)) == 4, "who owns nothing is no choice"
