"""What the worker learns from a mail server: taken, try again, or never."""

import socket
from collections.abc import Callable, Iterator

import pytest

from scheduler.channels.result import Outcome, Result
from scheduler.channels.smtp import SmtpChannel, SmtpSettings
from tests.support.smtp_server import CERTIFICATE, Mood, SmtpServer, free_port, smtp_server

Opener = Callable[..., SmtpChannel]
BODY = b"From: desk@clinic.example\r\nTo: ines@mail.example\r\nSubject: Appointment\r\n\r\n.hello\r\n"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


def send(channel: SmtpChannel) -> Result:
    return channel.send(BODY, "desk@clinic.example", "ines@mail.example")


@pytest.fixture
def channel_to() -> Iterator[Opener]:
    opened: list[SmtpChannel] = []

    def opener(url: str, timeout: float = 5.0, total: float = 10.0) -> SmtpChannel:
        opened.append(SmtpChannel(SmtpSettings.from_url(url), timeout=timeout, total=total))
        return opened[-1]

    yield opener
    for channel in opened:
        channel.close()


def test_a_taken_message_is_sent_and_arrives_byte_for_byte(channel_to: Opener, server: SmtpServer) -> None:
    assert send(channel_to(server.url)).outcome is Outcome.SENT
    assert server.taken == [BODY]
    assert server.recipients == ["ines@mail.example"]


def test_one_connection_serves_many_messages(channel_to: Opener, server: SmtpServer) -> None:
    channel = channel_to(server.url)
    assert {send(channel).outcome for _ in range(3)} == {Outcome.SENT}
    assert server.connections == 1


def test_a_connection_that_was_lost_between_messages_is_opened_again(
    channel_to: Opener, server: SmtpServer
) -> None:
    channel = channel_to(server.url)
    server.mood = Mood.DROP_AFTER_TAKING
    send(channel)
    server.mood = Mood.TAKE
    assert send(channel).outcome is Outcome.SENT


@pytest.mark.parametrize("mood", [Mood.TIRED, Mood.GONE])
def test_a_server_that_ends_the_connection_after_a_message_is_called_again_at_no_messages_cost(
    channel_to: Opener, server: SmtpServer, mood: Mood
) -> None:
    server.mood = mood
    channel = channel_to(server.url)
    assert [send(channel).outcome for _ in range(3)] == [Outcome.SENT] * 3
    assert (server.connections, len(server.taken)) == (3, 3)


@pytest.mark.parametrize(
    ("mood", "outcome", "said"),
    [
        (Mood.REFUSE_RECIPIENT, Outcome.PERMANENT, "recipient (550): 5.1.1 No such mailbox here"),
        (Mood.REFUSE_CONTENT, Outcome.PERMANENT, "message (554): 5.7.1 Looks like spam"),
        (Mood.REFUSE_FOR_NOW, Outcome.TEMPORARY, "recipient (451): 4.3.0 Come back later"),
        (Mood.CLOSE_FOR_NOW, Outcome.TEMPORARY, "(421): 4.3.2 Shutting down"),
        (Mood.DROP_IN_DATA, Outcome.TEMPORARY, "ended before the mail server had answered"),
        (Mood.DROP_AFTER_TAKING, Outcome.TEMPORARY, "ended before the mail server had answered"),
    ],
)
def test_a_refusal_says_whether_another_try_makes_sense(
    channel_to: Opener, server: SmtpServer, mood: Mood, outcome: Outcome, said: str
) -> None:
    channel = channel_to(server.url)
    server.mood = mood
    result = send(channel)
    assert result.outcome is outcome
    assert said in result.detail
    server.mood = Mood.TAKE
    assert send(channel).outcome is Outcome.SENT, "the next message is not held up"


def test_a_greylisting_server_is_asked_again_when_it_says(channel_to: Opener, server: SmtpServer) -> None:
    server.mood = Mood.GREYLIST
    result = send(channel_to(server.url))
    assert (result.outcome, result.retry_after_s) == (Outcome.TEMPORARY, 300)


@pytest.mark.parametrize("mood", [Mood.HANG, Mood.DRIP])
def test_a_server_that_hangs_or_drips_is_given_up_in_bounded_time(
    channel_to: Opener, server: SmtpServer, mood: Mood
) -> None:
    server.mood = mood
    result = send(channel_to(server.url, timeout=0.4, total=0.8))
    assert (result.outcome, result.detail) == (
        Outcome.TEMPORARY,
        "The mail server did not answer in time.",
    )


def test_a_server_that_never_greets_is_given_up(channel_to: Opener) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = send(channel_to(f"smtp://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3))
    assert result.outcome is Outcome.TEMPORARY


def test_a_refused_connection_is_tried_later(channel_to: Opener) -> None:
    result = send(channel_to(f"smtp://127.0.0.1:{free_port()}"))
    assert result == Result(
        Outcome.TEMPORARY, "No mail server answers at the address that is set.", server_down=True
    )


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_encrypted_connections_check_the_certificate_and_log_in(
    channel_to: Opener, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server(scheme, user="d%40sk:right@") as server:
        untrusted = send(channel_to(server.url))
        assert untrusted.outcome is Outcome.TEMPORARY
        assert "certificate" in untrusted.detail
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert send(channel_to(server.url)).outcome is Outcome.SENT


def test_a_refused_log_in_is_not_held_against_the_message(
    channel_to: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with smtp_server("smtp+starttls", user="desk:wrong@") as server:
        result = send(channel_to(server.url))
    assert result == Result(Outcome.TEMPORARY, "The mail server refused our log-in (535).", server_down=True)


def test_encryption_that_the_server_does_not_offer_is_never_left_out(
    channel_to: Opener, server: SmtpServer
) -> None:
    result = send(channel_to(server.url.replace("smtp:", "smtp+starttls:")))
    assert result.outcome is Outcome.TEMPORARY
    assert server.taken == []


def test_addresses_of_servers_are_read_with_their_usual_ports() -> None:
    assert SmtpSettings.from_url("smtps://mail.example") == SmtpSettings("smtps", "mail.example", 465)
    assert SmtpSettings.from_url("smtp+starttls://a%40b:p%3Aw@mail.example").password == "p:w"
    with pytest.raises(ValueError, match="must look like"):
        SmtpSettings.from_url("http://mail.example")
