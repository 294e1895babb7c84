"""The door that messages leave by: a mail server if one is set, else files in the outbox folder."""

from pathlib import Path
from typing import Protocol

from scheduler.channels import files
from scheduler.channels.result import Result
from scheduler.channels.smtp import SmtpChannel, SmtpSettings
from scheduler.config import Config
from scheduler.features.outbox.actions import Ready


class Transport(Protocol):
    """What the worker hands a message to."""

    def send(self, ready: Ready) -> Result:
        """Hand over one message; never raises for what the network or the disk does."""

    def close(self) -> None:
        """Let go of what is open."""


class FileTransport:
    """Writes each message as a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, ready: Ready) -> Result:
        """Write the message."""
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


def transport_for(config: Config) -> Transport:
    """Choose the door that the settings name."""
    if config.smtp_url:
        return SmtpTransport(SmtpChannel(SmtpSettings.from_url(config.smtp_url)))
    return FileTransport(config.home / "outbox")
