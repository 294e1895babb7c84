"""The list of requests and the page of one: who waits longest comes first, and one click books."""

import re
from datetime import timedelta

from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.intake.steps import advance, set_next
from scheduler.features.path.actions.turn import close
from scheduler.models import Consultation, ConsultationRequest, Patient, RequestStatus
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
