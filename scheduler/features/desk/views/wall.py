"""The wall screen, and the page on which its addresses are made and ended.

The token in the address is the only key. It shows one site's day without names and opens nothing else, so
whoever photographs the screen has learned when chairs are free.
"""

from datetime import datetime

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.accounts.actions.access_tokens import (
    TOUCH_EVERY,
    create_token,
    revoke_token,
    touch_token,
)
from scheduler.features.accounts.login import as_nobody
from scheduler.features.accounts.queries import token_holder, tokens
from scheduler.features.capacity.queries import site as get_site
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.desk.forms import choose_day
from scheduler.features.desk.queries.board import board_of
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.wall import wall_of
from scheduler.features.desk.wall_addresses import LIFETIMES, ends, parse_address, wall_addresses
from scheduler.web import ADMINISTRATOR, EVERYONE, access, current_actor, reading, writing

GONE = "This wall address does not open anything. Ask an administrator for the present one."


@blueprint.get("/wall/<token>")
@access(EVERYONE)
def wall(token: str) -> ResponseReturnValue:
    """The screen, or its live part alone where the page asks for it again."""
    as_nobody()
    now = clock.now()
    with reading() as s:
        holder = token_holder(s, token, now, "wall")
        if holder is None or holder.site_id is None:
            raise NotFoundError(GONE)
        site = get_site(s, holder.site_id)
        shown = wall_of(board_of(s, site, choose_day({}, site, now).day, now))
    _touch(now, holder.id, holder.last_used_at)
    live = request.args.get("part") == "live"
    page = render_template("desk/_wall.html" if live else "desk/wall.html", wall=shown, token=token)
    return page, 200, {"Referrer-Policy": "no-referrer"}


@blueprint.get("/settings/wall")
@access(ADMINISTRATOR)
def wall_tokens() -> ResponseReturnValue:
    """The addresses there are, and the form for another."""
    return _addresses()


@blueprint.post("/settings/wall")
@access(ADMINISTRATOR)
def make_wall_token() -> ResponseReturnValue:
    """Make an address. The page that answers shows it, once."""
    now = clock.now()
    with reading() as s:
        known = {site.id for site in all_sites(s)}
    form = parse_address(request.form, known)
    try:
        if form.errors or form.site_id is None:
            return _addresses(form.values, form.errors, status=422)
        with writing() as s:
            _, raw = create_token(
                s,
                current_actor(),
                now,
                kind="wall",
                name=form.name,
                site_id=form.site_id,
                expires_at=ends(now, form.lifetime),
            )
    except RuleError as error:
        return _addresses(form.values, {str(error.extra.get("field", "name")): error.sentence}, status=422)
    base = current_app.extensions["sixfold"].base_url
    return _addresses(made=base + url_for("desk.wall", token=raw))


@blueprint.post("/settings/wall/<int:token_id>/revoke")
@access(ADMINISTRATOR)
def revoke_wall_token(token_id: int) -> ResponseReturnValue:
    """End an address; the screens that show it go dark with their next refresh."""
    with writing() as s:
        if token_id not in {token.id for token in tokens(s, "wall")}:
            raise NotFoundError("There is no such wall address. Look for it in the list.")
        revoke_token(s, current_actor(), clock.now(), token_id)
    flash("The wall address is ended. Screens that show it go dark within a minute.", "ok")
    return redirect(url_for("desk.wall_tokens"), 303)


def _addresses(
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    made: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    now = clock.now()
    with reading() as s:
        sites = all_sites(s)
        addresses = wall_addresses(s, now)
    page = render_template(
        "desk/wall_tokens.html",
        addresses=addresses,
        site_options=[(site.id, site.name) for site in sites],
        lifetimes=LIFETIMES,
        values=values or {},
        errors=errors or {},
        made=made,
    )
    return page, status


def _touch(now: datetime, token_id: int, last_used_at: datetime | None) -> None:
    """Note that the screen is in use, at most once a minute, in a transaction of its own."""
    if last_used_at is None or now - last_used_at >= TOUCH_EVERY:
        with writing() as s:
            touch_token(s, now, token_id)
