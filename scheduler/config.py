"""The only file that reads the environment and `sixfold.env`.

Settings that a clinic changes while it runs live in the database, not here.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scheduler.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
SERVERS = {
    "SMTP_URL": (
        {"smtp", "smtps", "smtp+starttls"},
        "smtp+starttls://user:password@mail.example.org:587",
    ),
    "SMS_URL": (
        {"https", "http"},
        "https://account:token@gateway.example.org/2010-04-01?from=%2B15550100100",
    ),
    "IMAP_URL": ({"imaps", "imap"}, "imaps://user:password@mail.example.org:993/INBOX"),
    "CALDAV_URL": ({"https", "http"}, "https://user:password@calendar.example.org/dav/"),
}
"""Which schemes each server's address may have, and how one looks."""


@dataclass(frozen=True)
class Config:
    """What one process runs with. Paths are absolute, times in seconds.

    `database_url` is a SQLAlchemy address; `smtp_url` is None where mail goes to files
    under `home/outbox`, and `sms_url` likewise for texts; `imap_url` is the mailbox that calendar
    replies are read from, `caldav_url` the server that clinicians' calendars are published on
    (None: neither); `base_url` has no slash at its end; `proxies` is the number of trusted proxies in
    front; `backups` is the folder for backups (None: `home/backups`), one of which is made every
    `backup_hours` (0: never by the clock). `webhooks_private` lets webhooks go to private networks.
    """

    home: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: str | None = field(default=None, repr=False)
    sms_url: str | None = field(default=None, repr=False)
    imap_url: str | None = field(default=None, repr=False)
    caldav_url: str | None = field(default=None, repr=False)
    proxies: int = 0
    worker_tick_s: int = 20
    idle_minutes: int = 30
    absolute_hours: int = 12
    backups: Path | None = None
    backup_hours: int = 24
    backup_keep: int = 14
    backup_recipient: str | None = None
    webhooks_private: bool = False
    log_level: str = "info"

    @property
    def is_https(self) -> bool:
        """Whether people reach the application over https."""
        return self.base_url.startswith("https://")

    @property
    def sms_token(self) -> str | None:
        """The token of our account at the text gateway, which signs its calls; None without a gateway."""
        password = urlsplit(self.sms_url).password if self.sms_url else None
        return unquote(password) if password else None

    @property
    def trusted_hosts(self) -> list[str]:
        """Host headers that are answered: the base URL's, and loopback where it is bound to it."""
        hosts = {urlsplit(self.base_url).hostname or self.host}
        if self.host in LOOPBACK:
            hosts |= LOOPBACK
        return sorted(hosts)


def load(overrides: dict[str, str] | None = None) -> Config:
    """Read `sixfold.env` of the working directory, the one under SIXFOLD_HOME, the environment, `overrides`.

    Each wins over those before it. Raises ConfigError naming the setting that is wrong.
    """
    outer = {**_env_file(Path("sixfold.env")), **os.environ, **(overrides or {})}
    home = Path(outer.get("SIXFOLD_HOME") or "instance").resolve()
    values = {
        **_env_file(Path("sixfold.env")),
        **_env_file(home / "sixfold.env"),
        **os.environ,
        **(overrides or {}),
    }
    host = values.get("HOST") or "127.0.0.1"
    port = _number(values, "PORT", 8000, 0, 65535)
    return Config(
        home=home,
        database_url=_database_url(values.get("DATABASE_URL"), home),
        secret_key=values.get("SECRET_KEY") or _stored_secret(home),
        host=host,
        port=port,
        base_url=_base_url(values.get("SIXFOLD_BASE_URL"), host, port),
        smtp_url=_address_of(values, "SMTP_URL"),
        sms_url=_address_of(values, "SMS_URL"),
        imap_url=_address_of(values, "IMAP_URL"),
        caldav_url=_address_of(values, "CALDAV_URL"),
        proxies=_number(values, "SIXFOLD_PROXIES", 0, 0, 9),
        worker_tick_s=_number(values, "SIXFOLD_TICK_SECONDS", 20, 1, 300),
        idle_minutes=_number(values, "SIXFOLD_IDLE_MINUTES", 30, 1, 1440),
        absolute_hours=_number(values, "SIXFOLD_SESSION_HOURS", 12, 1, 168),
        backups=_folder(values.get("SIXFOLD_BACKUPS")),
        backup_hours=_number(values, "SIXFOLD_BACKUP_HOURS", 24, 0, 168),
        backup_keep=_number(values, "SIXFOLD_BACKUP_KEEP", 14, 1, 1000),
        backup_recipient=values.get("SIXFOLD_BACKUP_RECIPIENT") or None,
        webhooks_private=bool(_number(values, "SIXFOLD_WEBHOOKS_PRIVATE", 0, 0, 1)),
        log_level=values.get("SIXFOLD_LOG_LEVEL") or "info",
    )


def child_environment(**more: str) -> dict[str, str]:
    """The environment for a program that we start, with `more` in it."""
    return {**os.environ, **more}


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, value = text.partition("=")
        if not sign:
            raise ConfigError(f"{path}, line {number}: write NAME=value.")
        values[name.strip()] = value.strip().strip("\"'")
    return values


def _number(values: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = values.get(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    return number


def _database_url(text: str | None, home: Path) -> str:
    if not text:
        return f"sqlite:///{home / 'sixfold.sqlite3'}"
    scheme, sign, rest = text.partition("://")
    if sign and scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if sign and scheme == "sqlite":
        return text
    raise ConfigError("DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _base_url(text: str | None, host: str, port: int) -> str:
    if not text:
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError("SIXFOLD_BASE_URL must be a whole address, such as https://book.example.org.")
    return text.rstrip("/")


def _address_of(values: dict[str, str], name: str) -> str | None:
    text = values.get(name)
    if not text:
        return None
    schemes, example = SERVERS[name]
    parts = urlsplit(text)
    if parts.scheme not in schemes or not parts.hostname:
        raise ConfigError(f"{name} must look like {example}.")
    return text


def _folder(text: str | None) -> Path | None:
    return Path(text).resolve() if text else None


def _stored_secret(home: Path) -> str:
    """The signing key, made once and kept in a file that only its owner can read."""
    path = home / "secret_key"
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
