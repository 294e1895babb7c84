"""The links in what the demo clinic sent."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.config import Config
from scheduler.models import Channel, Infusion, InfusionStatus, Message, MessageStatus, Purpose, User
from tests.cli.demo.conftest import Made
from tests.support.demo_clinic import ADDRESS
from tests.support.sign_in import cheap_app, sign_in

ADDRESSED = re.compile(re.escape(ADDRESS) + r"(/[a-z]/[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")


def links_in(message: Message) -> list[str]:
    """The paths that a stored message leads to, its way out of reminders among them."""
    body = message.body or b""
    if message.channel is Channel.SMS:
        return ADDRESSED.findall(body.decode())
    parsed = message_from_bytes(body, policy=policy.SMTP)
    assert isinstance(parsed, EmailMessage)
    plain = parsed.get_body(("plain",))
    assert plain is not None
    return ADDRESSED.findall(f"{plain.get_content()} {parsed['List-Unsubscribe']}")


def test_a_link_in_a_message_about_a_coming_visit_opens_its_page(
    clinic: Made, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: clinic.now)
    coming = select(Message).join(Infusion, Infusion.id == Message.infusion_id)
    coming = coming.where(Infusion.status == InfusionStatus.SCHEDULED, Infusion.starts_at > clinic.now)
    with clinic.database.read() as session:
        rows = session.scalars(coming.where(Message.status == MessageStatus.SENT).order_by(Message.id)).all()
        found = {(row.purpose, row.channel): links_in(row) for row in rows}
        clerk = session.scalars(select(User).where(User.email == "rosa@sixfold.example")).one()
    mail, phone = found[Purpose.REMINDER, Channel.EMAIL], found[Purpose.REMINDER, Channel.SMS]
    assert {path[:3] for path in mail} == {"/v/", "/u/"} and [path[:3] for path in phone] == ["/v/"]
    client = cheap_app(config, clinic.database).test_client()
    for path in {*mail, *phone, *found[Purpose.INVITATION, Channel.EMAIL]}:
        assert client.get(path).status_code == 200

    sign_in(client, clinic.database, clerk)
    last = rows[-1]
    page = client.get(f"/messages/{last.id}").text
    assert all(f'<a href="http://localhost{path}"' in page for path in links_in(last) if path[1] == "v")
