"""`token`: access for programs, from the terminal."""

from datetime import timedelta

import click

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.db import Database
from scheduler.features.accounts.actions.access_tokens import create_token, revoke_token
from scheduler.features.accounts.queries import tokens
from scheduler.features.accounts.scopes import SCOPES
from scheduler.models import AccessToken

KINDS = ("api", "metrics")


@click.group()
def token() -> None:
    """Let a program use the API or read the metrics, see which ones may, or end it."""


@token.command()
@click.argument("name")
@click.option(
    "--kind", type=click.Choice(KINDS), default="api", help="metrics: reads /metrics and nothing else."
)
@click.option("--scope", "scopes", multiple=True, type=click.Choice(list(SCOPES)))
@click.option("--days", type=click.IntRange(1, 3650), help="How long it holds; for good where left out.")
def create(name: str, kind: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a token; --scope can be given several times. Its secret is shown this once."""
    if (kind == "api") != bool(scopes):
        raise click.UsageError(
            "Say with --scope what the token may do."
            if kind == "api"
            else "A metrics token takes no --scope."
        )
    at = clock.now()
    with _database().write() as session:
        ends = at + timedelta(days=days) if days else None
        made, raw = create_token(session, COMMAND, at, kind=kind, name=name, scopes=scopes, expires_at=ends)
        click.echo(f"Token {made.id}, {made.name}. Keep it now, it can't be shown again:", err=True)
    click.echo(raw)


@token.command("list")
def list_tokens() -> None:
    """All tokens of programs, the newest first of each kind."""
    with _database().read() as session:
        for each in [*tokens(session, "api"), *tokens(session, "metrics")]:
            click.echo(f"{each.id}  {each.name}  {' '.join(each.scopes) or each.kind}  {_state(each)}")


@token.command()
@click.argument("token_id", type=click.IntRange(1, 2**31 - 1))
def revoke(token_id: int) -> None:
    """End a token at once."""
    with _database().write() as session:
        revoke_token(session, COMMAND, clock.now(), token_id)
    click.echo(f"Token {token_id} opens nothing any more.")


def _state(each: AccessToken) -> str:
    if each.revoked_at is not None:
        return f"revoked {each.revoked_at:%Y-%m-%d}"
    if each.expires_at is None:
        return "holds until revoked"
    over = each.expires_at <= clock.now()
    return f"{'ended' if over else 'holds until'} {each.expires_at:%Y-%m-%d}"


def _database() -> Database:
    config = settings()
    bring_up_to_date(config)
    return Database(config.database_url)
