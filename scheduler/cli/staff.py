"""`staff`: log-ins from the terminal, for the first administrator and for the day nobody can sign in."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.db import Database
from scheduler.errors import NotFoundError
from scheduler.features.accounts.actions.change_password import change_password
from scheduler.features.accounts.actions.create_user import create_user
from scheduler.features.accounts.actions.disable_user import disable_user
from scheduler.features.accounts.actions.factors import reset_factors
from scheduler.features.accounts.throttle import normal_email
from scheduler.models import Role, Site, User

PASSWORD = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for where it is left out.",
)


@click.group()
def staff() -> None:
    """Add a log-in, give it a new password, take away its second factor, or close it."""


@staff.command()
@click.argument("email")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@click.option("--site", "code", help="The code of the site where they usually work.")
@PASSWORD
def add(email: str, name: str, roles: tuple[str, ...], code: str | None, password: str) -> None:
    """Add a log-in; --role can be given several times."""
    with _database().write() as session:
        site_id = session.scalar(select(Site.id).where(Site.code == code)) if code else None
        if code and site_id is None:
            raise NotFoundError(f"There is no site with the code {code}.")
        user = create_user(
            session,
            COMMAND,
            clock.now(),
            email=email,
            name=name,
            password=password,
            roles=[Role(role) for role in roles],
            site_id=site_id,
        )
        click.echo(f"{user.name} can sign in as {user.email}.")


@staff.command("password")
@click.argument("email")
@PASSWORD
def new_password(email: str, password: str) -> None:
    """Give a log-in a new password; everything it has open ends."""
    with _database().write() as session:
        user = _user(session, email)
        change_password(session, COMMAND, clock.now(), user, password)
        click.echo(f"{user.name} has a new password. What was open is signed out.")


@staff.command("factor")
@click.argument("email")
def forget_factor(email: str) -> None:
    """Take away the second factor of somebody who lost it; the next log-in sets up a new one."""
    with _database().write() as session:
        user = _user(session, email)
        reset_factors(session, COMMAND, clock.now(), user)
        click.echo(f"{user.name} sets up a second factor at the next log-in. What was open is signed out.")


@staff.command()
@click.argument("email")
def disable(email: str) -> None:
    """Close a log-in for good; the person's history stays."""
    with _database().write() as session:
        user = _user(session, email)
        disable_user(session, COMMAND, clock.now(), user)
        click.echo(f"{user.name} can no longer sign in.")


def _database() -> Database:
    config = settings()
    bring_up_to_date(config)
    return Database(config.database_url)


def _user(session: Session, email: str) -> User:
    user = session.scalar(select(User).where(User.email == normal_email(email)))
    if user is None:
        raise NotFoundError(f"Nobody signs in as {email}.")
    return user
