"""Where backups lie, how often they are made, and whom they are sealed for.

A backup is sealed in the age format (https://age-encryption.org) for one public key, so the machine that
makes it need not be able to open it. On an embedded clinic the key is made once, into a file beside the
secret key. Whoever loses both the machine and that file has lost the backups: page and guide say so.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyrage

from scheduler.config import Config
from scheduler.errors import ConfigError

KEY_FILE = "backup_key"


@dataclass(frozen=True)
class Folder:
    """`path` holds the files; `every` is None where the clock makes none; `keep` is their number."""

    path: Path
    key_path: Path
    every: timedelta | None
    keep: int
    recipient_text: str | None = None

    def recipient(self) -> pyrage.x25519.Recipient:
        """Whom to seal for: the configured public key, else that of the key file, made if missing."""
        if self.recipient_text is None:
            return self._own_key().to_public()
        try:
            return pyrage.x25519.Recipient.from_str(self.recipient_text)
        except pyrage.RecipientError as error:
            raise ConfigError("SIXFOLD_BACKUP_RECIPIENT must be a public key of age: age1…") from error

    def _own_key(self) -> pyrage.x25519.Identity:
        if not self.key_path.is_file():
            self.key_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                descriptor = os.open(self.key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return read_key(self.key_path)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{pyrage.x25519.Identity.generate()}\n")
        return read_key(self.key_path)


def folder_of(config: Config, path: Path | None = None) -> Folder:
    """The folder that the settings name, or `path` with the rest as they say."""
    return Folder(
        path=path or config.backups or config.home / "backups",
        key_path=config.home / KEY_FILE,
        every=timedelta(hours=config.backup_hours) if config.backup_hours else None,
        keep=config.backup_keep,
        recipient_text=config.backup_recipient,
    )


def read_key(path: Path) -> pyrage.x25519.Identity:
    """The secret key in a file, comments passed over. Raises ConfigError where there is none to read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The key {path} can't be read. Name the right file with --key.") from error
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str(keys[0])
    except (IndexError, pyrage.IdentityError) as error:
        raise ConfigError(f"{path} holds no secret key of age. Name the right file with --key.") from error
