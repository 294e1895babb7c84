"""What stands before every start: settings, folder, tables, and no public password on a public address."""

import os
import socket
from errno import EACCES, EADDRINUSE

import click
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from scheduler.config import Config, load
from scheduler.db import Database, migrate
from scheduler.db.constraints import unavailable
from scheduler.errors import ConfigError
from scheduler.features.accounts.demo_logins import REFUSAL, demo_allowed
from scheduler.features.accounts.queries import has_demo_logins

BACKLOG = 512


def settings(port: int | None = None) -> Config:
    """The configuration; makes its folder, which only its owner can read. `port` is what `run` found."""
    os.umask(0o077)
    try:
        config = load({} if port is None else {"PORT": str(port)})
        config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"SIXFOLD_HOME can't be used ({error.filename}: {error.strerror}). Choose another folder."
        ) from error
    return config


def bring_up_to_date(config: Config) -> None:
    """Migrate the database. Raises a sentence where it can't be reached or written, or is newer than we."""
    try:
        migrate.upgrade_alone(config.database_url)
    except CommandError as error:
        raise ConfigError(
            f"The database was made by another release of Sixfold ({error}). Install the newest one."
        ) from error
    except DBAPIError as error:
        raise unavailable(error) or error from error


def refuse_public_demo(config: Config) -> None:
    """Raise ConfigError where demo log-ins would be reachable from other machines."""
    if demo_allowed(config):
        return
    database = Database(config.database_url)
    try:
        with database.read() as session:
            found = has_demo_logins(session)
    finally:
        database.dispose()
    if found:
        raise ConfigError(REFUSAL)


def listen(config: Config) -> socket.socket:
    """A socket that listens on HOST and PORT (0 takes any free port)."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family, backlog=BACKLOG)
    except socket.gaierror as error:
        raise ConfigError(f"HOST={config.host} is no address of this machine.") from error
    except OSError as error:
        raise ConfigError(_why_not(error, config)) from error


def address_of(listener: socket.socket) -> str:
    """`http://127.0.0.1:8000` of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def say(words: str) -> None:
    """Lines to the person at the terminal, now; nothing where there is nothing to say."""
    if words:
        click.echo(words)


def _why_not(error: OSError, config: Config) -> str:
    if error.errno == EADDRINUSE:
        return (
            f"Port {config.port} of {config.host} is taken. Stop what runs there, "
            f"or choose another one: PORT={config.port + 1}."
        )
    if error.errno == EACCES:
        return f"This account may not use port {config.port}. Choose one above 1023, such as PORT=8000."
    return f"HOST={config.host} is no address of this machine."
