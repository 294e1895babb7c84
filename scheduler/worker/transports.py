"""The doors that messages leave by: servers where they are set, else files in the outbox folder."""

from pathlib import Path
from typing import Protocol

from scheduler.channels import files
from scheduler.channels.result import Result
from scheduler.channels.sms import GatewaySettings, SmsGateway
from scheduler.channels.smtp import SmtpChannel, SmtpSettings
from scheduler.config import Config
from scheduler.features.outbox.actions import Ready
from scheduler.models import Channel

RECEIPTS = "/hooks/sms/status"
"""Where the gateway reports what became of a text; the view is in `features/reminders/hooks.py`."""


class Transport(Protocol):
    """What the worker hands a message to."""

    def send(self, ready: Ready) -> Result:
        """Hand over one message; never raises for what the network or the disk does."""

    def close(self) -> None:
        """Let go of what is open."""


class FileTransport:
    """Writes each message as a file: a mail as it would be sent, a text below the number it is for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, ready: Ready) -> Result:
        """Write the message."""
        if ready.channel is Channel.SMS:
            body = f"To: {ready.recipient}\n\n".encode() + ready.body + b"\n"
            return files.send(body, ready.message_id, self._folder, ".txt")
        return files.send(ready.body, ready.message_id, self._folder)

    def close(self) -> None:
        """Nothing is open."""


class SmtpTransport:
    """Sends each message by SMTP, on one connection."""

    def __init__(self, channel: SmtpChannel) -> None:
        self._channel = channel

    def send(self, ready: Ready) -> Result:
        """Send the message."""
        return self._channel.send(ready.body, ready.sender, ready.recipient)

    def close(self) -> None:
        """End the connection."""
        self._channel.close()


class GatewayTransport:
    """Hands each text to a gateway, which reports to the application under `base_url`."""

    def __init__(self, gateway: SmsGateway, base_url: str) -> None:
        self._gateway = gateway
        self._base_url = base_url

    def send(self, ready: Ready) -> Result:
        """Send the text."""
        callback = f"{self._base_url}{RECEIPTS}?message={ready.row_id}"
        return self._gateway.send(ready.body.decode("utf-8"), ready.recipient, callback)

    def close(self) -> None:
        """End the connections."""
        self._gateway.close()


class Doors:
    """One door for mails and one for texts. `gateway` can be asked what it has, where there is one."""

    def __init__(self, mails: Transport, texts: Transport, gateway: SmsGateway | None = None) -> None:
        self._mails = mails
        self._texts = texts
        self.gateway = gateway

    def send(self, ready: Ready) -> Result:
        """Hand the message to its door."""
        return (self._texts if ready.channel is Channel.SMS else self._mails).send(ready)

    def close(self) -> None:
        """Let go of both."""
        self._mails.close()
        self._texts.close()


def transport_for(config: Config) -> Doors:
    """Choose the doors that the settings name; raises ConfigError for a gateway's address that is none."""
    folder = FileTransport(config.home / "outbox")
    mails: Transport = folder
    if config.smtp_url:
        mails = SmtpTransport(SmtpChannel(SmtpSettings.from_url(config.smtp_url)))
    if not config.sms_url:
        return Doors(mails, folder)
    gateway = SmsGateway(GatewaySettings.from_url(config.sms_url))
    return Doors(mails, GatewayTransport(gateway, config.base_url), gateway)
