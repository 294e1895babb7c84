"""The page of the tokens that programs use: made once, shown once, revoked at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.accounts.actions.access_tokens import create_token, revoke_token
from scheduler.features.accounts.api_tokens import (
    LIFETIMES,
    TokenForm,
    open_token,
    parse_token,
    token_lines,
)
from scheduler.features.accounts.scopes import SCOPES
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.web import ADMINISTRATOR, access, current_actor, reading, writing


@blueprint.get("/settings/api")
@access(ADMINISTRATOR)
def api_access() -> ResponseReturnValue:
    """The tokens there are, and the form for another."""
    return _page(TokenForm(lifetime="365"))


@blueprint.post("/settings/api")
@access(ADMINISTRATOR)
def make_api_token() -> ResponseReturnValue:
    """Make a token. The page that answers shows its secret, once."""
    now = clock.now()
    form = parse_token(request.form)
    if form.errors:
        return _page(form, form.errors, status=422)
    try:
        with writing() as session:
            _, raw = create_token(
                session,
                current_actor(),
                now,
                kind="api",
                name=form.name,
                scopes=form.scopes,
                expires_at=form.ends(now),
            )
    except RuleError as error:
        return _page(form, {str(error.extra.get("field", "name")): error.sentence}, status=422)
    return _page(TokenForm(), made=raw)


@blueprint.get("/settings/api/tokens/<int:token_id>/revoke")
@access(ADMINISTRATOR)
def ask_revoke(token_id: int) -> ResponseReturnValue:
    """Say what ends with a token, and ask."""
    with reading() as session:
        line = open_token(session, clock.now(), token_id)
    return render_template("accounts/api_revoke.html", line=line)


@blueprint.post("/settings/api/tokens/<int:token_id>/revoke")
@access(ADMINISTRATOR)
def revoke_api_token(token_id: int) -> ResponseReturnValue:
    """End a token now."""
    with writing() as session:
        line = open_token(session, clock.now(), token_id)
        revoke_token(session, current_actor(), clock.now(), token_id)
    flash(f"The token “{line.name}” is revoked. It opens nothing any more.", "ok")
    return redirect(url_for("accounts.api_access"), 303)


def _page(
    form: TokenForm, errors: dict[str, str] | None = None, made: str | None = None, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        lines = token_lines(session, clock.now())
    page = render_template(
        "accounts/api.html",
        lines=lines,
        form=form,
        errors=errors or {},
        scopes=list(SCOPES.items()),
        lifetimes=LIFETIMES,
        made=made,
    )
    return page, status
