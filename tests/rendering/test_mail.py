"""A mail: one sender, one recipient, two bodies, the same bytes each time."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings

from scheduler.rendering import mail, text
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, Locale, VisitFacts, Words
from tests.rendering.facts import CLINIC, CLINICS, VISITS

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
WORDS = Words("Appointment", "soon", "Hello\n", "<p>Hello</p>\n")


def compose(
    words: Words = WORDS, clinic: ClinicFacts = CLINIC, to: str = "ines@mail.example"
) -> EmailMessage:
    made = mail.compose(words, clinic, to, "<ab12@riverside.example>", AT, "en")
    parsed = message_from_bytes(made, policy=policy.SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


@given(VISITS, CLINICS)
@settings(max_examples=60, deadline=None)
def test_a_mail_reads_back_as_it_was_meant_and_is_the_same_each_time(
    visit: VisitFacts, clinic: ClinicFacts
) -> None:
    words = text.reminder(visit, clinic, Locale(), "en")
    made = [mail.compose(words, clinic, "ines@mail.example", "<ab12@x.example>", AT, "en") for _ in range(2)]
    assert made[0] == made[1]
    assert all(len(line) <= 998 and b"\n" not in line for line in made[0].split(b"\r\n"))
    parsed = message_from_bytes(made[0], policy=policy.SMTP)
    assert parsed["To"].addresses[0].addr_spec == "ines@mail.example"
    assert len(parsed["To"].addresses) == len(parsed["From"].addresses) == 1
    assert parsed["From"].addresses[0].addr_spec == clinic.from_address
    assert parsed["Message-ID"] == "<ab12@x.example>"
    plain = parsed.get_body(("plain",))
    assert plain is not None and plain.get_content().replace("\r\n", "\n") == words.text.replace("\r\n", "\n")
    assert plain.get_content_charset() == "utf-8"


def test_a_mail_has_both_bodies_and_says_that_a_machine_wrote_it() -> None:
    parsed = compose()
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Content-Language"] == "en"
    assert parsed["Date"].datetime == AT
    assert parsed["From"].addresses[0].display_name == "Riverside Clinic"


@pytest.mark.parametrize(
    "to",
    [
        "a@mail.example, b@mail.example", "a@mail.example;b@mail.example", "Ines <a@mail.example>",
        "a@mail.example\r\nBcc: b@mail.example",
        "a@mail.example\x00", "", "a", "a@", "@b.example", "a b@mail.example",
        '"a, b"@mail.example', "a@mail.example,",
        "a@[127.0.0.1]",
        "inés@mail.example",
    ],
)  # fmt: skip
def test_only_one_plain_address_is_a_recipient(to: str) -> None:
    with pytest.raises(RenderError):
        compose(to=to)


def test_a_domain_with_other_letters_is_written_for_servers() -> None:
    assert compose(to="ines@bücher.example")["To"].addresses[0].addr_spec == "ines@xn--bcher-kva.example"


@pytest.mark.parametrize("broken", ["\r\n", "\n", "\x00", "\x1b", "\u2028", "\x85"])
def test_a_line_break_or_control_character_never_reaches_a_header(broken: str) -> None:
    with pytest.raises(RenderError):
        compose(words=Words(f"Appointment{broken}Bcc: x@x.example", "", "", ""))
    with pytest.raises(RenderError):
        compose(clinic=ClinicFacts(f"Clinic{broken}", CLINIC.from_address))


def test_a_clinic_name_may_hold_commas_quotes_and_other_letters() -> None:
    name = 'Praxis Müller, "am Fluss" <Süd>'
    assert compose(clinic=ClinicFacts(name, CLINIC.from_address))["From"].addresses[0].display_name == name


@pytest.mark.parametrize("message_id", ["ab12@x", "<ab12>", "<a b@x>", "<a@x>\r\nX: y", "<a@x><b@x>"])
def test_a_damaged_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(RenderError):
        mail.compose(WORDS, CLINIC, "ines@mail.example", message_id, AT, "en")


@pytest.mark.parametrize(("scheme", "one_click"), [("https", "List-Unsubscribe=One-Click"), ("http", None)])
def test_the_address_to_get_no_more_is_one_whole_line_however_long(
    scheme: str, one_click: str | None
) -> None:
    address = f"{scheme}://{'appointments.' * 6}riverside.example/u/{'tok-en_' * 6}"
    made = mail.compose(
        WORDS, CLINIC, "ines@mail.example", "<ab12@riverside.example>", AT, "en", way_out=address
    )
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in made
    assert message_from_bytes(made, policy=policy.SMTP)["List-Unsubscribe-Post"] == one_click
    assert compose()["List-Unsubscribe"] is None
