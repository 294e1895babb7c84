"""The door that events leave by: where it leads, how long it waits, what it makes of answers."""

import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from scheduler.channels.result import Outcome
from scheduler.channels.webhook import PLAIN, PRIVATE, Call, WebhookChannel, is_public
from tests.support.receiver import Mood, Receiver, receiving
from tests.support.smtp_server import CERTIFICATE

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def call(url: str) -> Call:
    return Call(url, SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', 1614265330)


def test_a_request_is_signed_as_the_specification_says(receiver: Receiver) -> None:
    """The figures are the example of the Standard Webhooks specification."""
    assert WebhookChannel(private=True).send(call(receiver.url)).outcome is Outcome.SENT
    (told,) = receiver.told
    assert told.body == b'{"test": 2432232314}'
    assert told.headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert told.headers["webhook-timestamp"] == "1614265330"
    assert told.headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert told.headers["host"] == receiver.url.removeprefix("http://")


@pytest.mark.parametrize(
    ("mood", "said", "wait"),
    [
        (Mood.BREAK, "It answered 500.", None),
        (Mood.BUSY, "It answered 503.", 1800),
        (Mood.REDIRECT, "It answered 302, a redirect, which is not followed.", None),
        (Mood.HANG_UP, "It hung up without a proper answer.", None),
        (Mood.SLOW, "It did not answer in time.", None),
        (Mood.DRIP, "It did not answer in time.", None),
    ],
)
def test_what_is_not_taken_is_tried_again_with_the_reason(
    receiver: Receiver, mood: Mood, said: str, wait: int | None
) -> None:
    receiver.mood = mood
    result = WebhookChannel(private=True, total=0.5).send(call(receiver.url))
    assert (result.outcome, result.detail, result.retry_after_s) == (Outcome.TEMPORARY, said, wait)
    assert len(receiver.told) == 1


def test_nobody_at_the_address_is_said(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert WebhookChannel(private=True).send(call(url)).detail == "It could not be reached, or hung up."


def test_the_certificate_is_held_against_the_name_though_the_address_is_fixed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE, CERTIFICATE.parent / "key.pem")
    trust = ssl.create_default_context(cafile=str(CERTIFICATE))
    distrusted = "Its certificate could not be trusted."
    here = socket.getaddrinfo("127.0.0.1", None, type=socket.SOCK_STREAM)[0]
    with receiving(server) as receiver:
        port = int(receiver.url.rpartition(":")[2])
        found = [(*here[:4], ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
        other = receiver.url.replace("localhost", "other.example")
        assert WebhookChannel(private=True, trust=trust).send(call(receiver.url)).outcome is Outcome.SENT
        assert WebhookChannel(private=True, trust=trust).send(call(other)).detail == distrusted
        assert WebhookChannel(private=True).send(call(receiver.url)).detail == distrusted
        assert len(receiver.told) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0", "2130706433"])
def test_this_machine_is_not_called(receiver: Receiver, host: str) -> None:
    port = receiver.url.rpartition(":")[2]
    assert WebhookChannel().send(call(f"https://{host}:{port}/")).detail == PRIVATE
    assert receiver.told == []


def test_an_address_by_http_is_not_called(receiver: Receiver) -> None:
    assert WebhookChannel().send(call(receiver.url)).detail == PLAIN
    assert receiver.told == []


def test_a_name_that_is_resolved_anew_to_this_machine_leads_nowhere(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name server answers with a public address, then with this machine's: one look, one address."""
    asked: list[str] = []
    tried: list[Any] = []

    def resolve(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: Any, *_more: Any, **_others: Any) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert WebhookChannel().send(call("https://rebind.example/")).outcome is Outcome.TEMPORARY
    assert (asked, tried) == (["rebind.example"], ["93.184.216.34"])


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.216.34", "10.0.0.8")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    assert WebhookChannel().send(call("https://both.example/")).detail == PRIVATE


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104 - nothing is bound
        "255.255.255.255", "::", "fe80::1", "fc00::1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:0:0:0:0:80ff:fffe",
    ],
)  # fmt: skip
def test_addresses_of_private_networks_are_known(address: str) -> None:
    assert not is_public(address)
    assert is_public("93.184.216.34") and is_public("2606:4700::1111")
