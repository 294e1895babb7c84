"""Taking a request, whoever writes it down."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.intake.requests.actions.receive import receive
from scheduler.features.intake.requests.order import Order
from scheduler.models import AuditEvent, ConsultationRequest, Message, RequestEvent
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, small_clinic
from tests.support.sign_in import csrf_token

ORDER = Order(1, "page", "one form", "Ana", "Ruiz", "ana@example.org", None, "en", "You may contact me.")
TYPED = {
    "key": "k", "site": "1", "given_name": "Ana", "family_name": "Ruiz", "phone": "212 555 0188", "email": "",
    "birth_date": "14 March 2010", "language": "es", "who": "self", "guardian_name": "Rosa Ruiz",
    "way": "phone", "half": ["5a"], "agreed": "1",
}  # fmt: skip


def count(database: Database, model: type) -> int:
    """How many rows there are."""
    with database.read() as session:
        return session.query(model).count()


def test_copies_of_one_form_that_race_are_one_request(database: Database) -> None:
    with database.write() as session:
        small_clinic(session)

    def take(_: int) -> None:
        with suppress(ConflictError):
            database.attempt(lambda session: receive(session, Actor(None, "request page"), NOW, ORDER))

    with ThreadPoolExecutor(4) as racers:
        list(racers.map(take, range(4)))
    assert [count(database, model) for model in (ConsultationRequest, RequestEvent, Message)] == [1, 1, 1]
    later = database.attempt(lambda s: receive(s, Actor(None, "request page"), NOW, ORDER))
    assert later.request_key == ORDER.request_key
    database.attempt(
        lambda s: receive(s, Actor(None, "request page"), NOW, replace(ORDER, request_key="two"))
    )
    assert count(database, ConsultationRequest) == 2


def test_the_desk_takes_a_request_on_the_phone(sqlite: Database, as_role: SignedIn) -> None:
    desk = as_role("front_desk")
    assert "Take a request" in desk.get("/requests/new").text
    typed = {**TYPED, "csrf_token": csrf_token(desk)}
    answers = [desk.post("/requests/new", data=typed) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/requests/1", "/requests/1"]
    with sqlite.read() as session:
        (request,) = session.query(ConsultationRequest).all()
        assert session.query(AuditEvent).filter_by(action="request.new", actor="Front Desk").count() == 1
    assert (request.source, request.language, request.half_days) == ("desk", "es", ["5a"])
    assert request.is_minor and request.guardian_name == "Rosa Ruiz" and request.birth_date


def test_the_desk_asks_for_the_guardian_of_a_minor_and_for_consent(as_role: SignedIn) -> None:
    desk = as_role("nurse")
    typed = {**TYPED, "guardian_name": "", "agreed": "", "csrf_token": csrf_token(desk)}
    answer = desk.post("/requests/new", data=typed)
    assert answer.status_code == 422
    assert "name of the parent or guardian" in answer.text and "Ask whether they agree" in answer.text
    assert 'value="14 March 2010"' in answer.text
