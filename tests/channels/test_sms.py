"""What a gateway's answer, or its silence, says about a text: what is not known is called neither."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from scheduler.channels.result import Outcome, Result
from scheduler.channels.sms import GatewaySettings, SmsGateway
from scheduler.errors import ConfigError
from tests.support.sms_gateway import ACCOUNT, SENDER, TOKEN, Gateway, sms_gateway
from tests.support.smtp_server import free_port

TO = "+12125550177"
CALLBACK = "https://clinic.example/hooks/sms/status?ref=ab12"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with sms_gateway() as running:
        yield running


def send(gateway: Gateway, *moods: int | str, timeout: float = 5.0) -> Result:
    gateway.moods = list(moods)
    door = SmsGateway(GatewaySettings.from_url(gateway.url), timeout)
    try:
        return door.send("Riverside Clinic: hello", TO, CALLBACK)
    finally:
        door.close()


def test_a_text_is_taken_with_its_number_at_the_gateway(gateway: Gateway) -> None:
    found = send(gateway)
    assert (found.outcome, found.provider_id) == (Outcome.SENT, f"SM{1:032d}")
    expected = {"To": TO, "From": SENDER, "Body": "Riverside Clinic: hello", "StatusCallback": CALLBACK}
    assert gateway.taken == [expected]
    login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert gateway.authorizations == [f"Basic {login}"]


def test_a_gateway_that_asks_to_wait_is_waited_for(gateway: Gateway) -> None:
    gateway.headers = {"Retry-After": "120"}
    found = send(gateway, 429)
    assert (found.outcome, found.retry_after_s, gateway.taken) == (Outcome.TEMPORARY, 120, [])


def test_a_refusal_is_final_and_says_why(gateway: Gateway) -> None:
    found = send(gateway, 400)
    assert found.outcome is Outcome.PERMANENT
    assert "The 'To' number is not a valid phone number (error 21211)." in found.detail


@pytest.mark.parametrize("mood", [401, 403, 404, 302])
def test_wrong_settings_are_not_held_against_the_text(gateway: Gateway, mood: int) -> None:
    found = send(gateway, mood)
    assert (found.outcome, found.server_down, gateway.taken) == (Outcome.TEMPORARY, True, [])


@pytest.mark.parametrize("mood", [500, 503, "reset", "hang"])
def test_what_may_have_gone_out_is_unknown(gateway: Gateway, mood: int | str) -> None:
    found = send(gateway, mood, timeout=0.3 if mood == "hang" else 5.0)
    assert (found.outcome, len(gateway.taken)) == (Outcome.UNKNOWN, 1)
    assert found.detail.endswith("The text may have gone out.")


def test_where_nobody_answers_nothing_went_out() -> None:
    settings = GatewaySettings(f"http://127.0.0.1:{free_port()}", ACCOUNT, TOKEN, SENDER)
    found = SmsGateway(settings, 5.0).send("Hello", TO, CALLBACK)
    assert (found.outcome, found.server_down) == (Outcome.TEMPORARY, True)


def test_the_gateway_tells_what_it_has_for_a_number_on_a_day(gateway: Gateway) -> None:
    send(gateway, "reset")
    door = SmsGateway(GatewaySettings.from_url(gateway.url), 5.0)
    day = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    (held,) = door.find(TO, day) or ()
    assert (held.body, held.status, held.made_at) == ("Riverside Clinic: hello", "sent", gateway.at)
    assert gateway.asked == [{"To": TO, "DateSent": "2026-11-02", "PageSize": "50"}]
    gateway.lists = False
    assert door.find(TO, day) is None
    door.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://account:token@gateway.example.org/2010-04-01?from=%2B15550100100",
        "https://gateway.example.org/2010-04-01?from=%2B15550100100",
        "https://account:token@gateway.example.org/2010-04-01",
    ],
)
def test_an_address_without_log_in_sender_or_encryption_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="SMS_URL"):
        GatewaySettings.from_url(url)
