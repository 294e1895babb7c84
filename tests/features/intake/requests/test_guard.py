"""What holds programs off the public page, and lets people through."""

import hashlib
from datetime import timedelta

from sqlalchemy import func, select

from scheduler.features.intake.requests.guard import EASIEST, HARDEST, bits_for, new_ticket, read_ticket
from scheduler.features.intake.requests.throttle import PLAIN_OF_SITE, load_of
from scheduler.models import LoginAttempt
from tests.features.intake.requests.conftest import Stranger, ticket_in, worked
from tests.support.clinic import NOW


def test_a_ticket_is_of_one_page_and_can_not_be_made_up() -> None:
    ticket = new_ticket("key", "RV", NOW, 15)
    assert read_ticket("key", "RV", ticket.text) == ticket
    easier = ticket.text.replace(".15.", ".1.", 1)
    for secret, place, text in (
        ("other", "RV", ticket.text),
        ("key", "HS", ticket.text),
        ("key", "RV", easier),
    ):
        assert read_ticket(secret, place, text) is None


def test_work_is_a_hash_that_begins_with_zeros() -> None:
    ticket = new_ticket("key", "RV", NOW, 8)
    answer = next(str(number) for number in range(10**5) if ticket.is_worked(str(number)))
    assert hashlib.sha256(f"{ticket.text}:{answer}".encode()).hexdigest().startswith("00")
    assert not ticket.is_worked("") and not ticket.is_worked("٣") and not ticket.is_worked("9" * 13)


def test_the_more_come_in_the_more_each_costs() -> None:
    costs = [bits_for(load) for load in (0, 9, 10, 39, 40, 160, 10_000)]
    assert costs == [EASIEST, EASIEST, 15, 16, 17, HARDEST, HARDEST]


def test_a_form_nobody_gave_changes_nothing(stranger: Stranger) -> None:
    forged = new_ticket("not-the-key", "RV", NOW, 1).text
    for ticket in ("none", forged):
        answer = stranger.send(ticket)
        assert answer.status_code == 400 and "ana.ruiz@example.org" in answer.text
    assert stranger.rows() == []


def test_what_looks_like_a_program_is_asked_once_more_and_loses_nothing(stranger: Stranger) -> None:
    ticket = ticket_in(stranger.client.get("/ask/RV"))
    hasty = stranger.send(ticket)
    stranger.wait(seconds=20)
    trapped = stranger.send(ticket, website="https://example.org")
    stranger.wait(hours=12)
    stale = stranger.send(ticket)
    for answer, words in ((hasty, "very quick"), (trapped, "nobody sees"), (stale, "open for a long time")):
        assert answer.status_code == 422 and words in answer.text and "ana.ruiz@example.org" in answer.text
    assert stranger.rows() == []
    stranger.wait(seconds=20)
    assert stranger.send(ticket_in(stale)).status_code == 303


def test_a_flood_leaves_the_page_to_those_who_read_it(stranger: Stranger) -> None:
    """What is refused leaves no row: ten thousand change no more than these."""
    answers = []
    for number in range(PLAIN_OF_SITE + 40):
        address = f"198.51.100.{number}"
        answers.append(stranger.send(stranger.ticket(), address=address, given_name=f"Bot {number}"))
        stranger.wait(seconds=-30)
    last = answers[-1]
    assert last.status_code == 429 and "212-555-0100" in last.text and "Bot" in last.text
    assert len(stranger.rows()) == PLAIN_OF_SITE
    with stranger.database.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 2 * PLAIN_OF_SITE
    ticket = stranger.ticket()
    assert stranger.send(ticket, work=worked(ticket)).status_code == 303
    with stranger.database.read() as session:
        assert load_of(session, stranger.now[0], stranger.clinic.site.id) == 1
    stranger.wait(minutes=15)
    assert stranger.send().status_code == 303


def test_one_address_sends_a_few(stranger: Stranger) -> None:
    statuses = [stranger.send(given_name=f"Ana {number}").status_code for number in range(4)]
    assert statuses == [303, 303, 303, 429]
    assert stranger.send(address="203.0.113.8").status_code == 303


def test_tickets_from_a_calm_hour_are_worth_little_in_a_flood(stranger: Stranger) -> None:
    ticket = stranger.ticket()
    at = stranger.now[0]
    with stranger.database.write() as session:
        session.add_all(
            LoginAttempt(account="x", address="ask:worked:1", at=at - timedelta(minutes=1), succeeded=False)
            for _ in range(40)
        )
    answer = stranger.send(ticket, work=worked(ticket))
    assert answer.status_code == 429 and "Many people" in answer.text
    dearer = ticket_in(answer)
    stranger.wait(seconds=20)
    assert stranger.send(dearer, work=worked(dearer)).status_code == 303
