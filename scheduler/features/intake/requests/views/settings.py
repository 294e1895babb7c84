"""Each site's request page: on or off, how long people are kept, its address and a link to it."""

from html import escape

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError
from scheduler.features.intake.requests.actions.settings import save_page
from scheduler.features.intake.requests.queries import pages_of_sites
from scheduler.features.intake.requests.views.blueprint import blueprint
from scheduler.rendering.language import codes, load
from scheduler.web import ADMINISTRATOR, access, attempt, current_actor, reading

LEAST, MOST = 7, 730
DAYS = f"Write a whole number of days, from {LEAST} to {MOST}."
LINK = '<a href="{}" hreflang="{}" lang="{}">{}</a>'


@blueprint.get("/settings/requests")
@access(ADMINISTRATOR)
def settings() -> ResponseReturnValue:
    """All sites with their pages."""
    return _page()


@blueprint.post("/settings/requests/<int:site_id>")
@access(ADMINISTRATOR)
def save(site_id: int) -> ResponseReturnValue:
    """Save what one site decided."""
    days, seen = _whole("keep_days"), _whole("seen")
    if not LEAST <= days <= MOST:
        return _page(site_id, DAYS), 422
    now, actor, is_on = clock.now(), current_actor(), bool(request.form.get("is_on"))
    try:
        attempt(lambda s: save_page(s, actor, now, site_id, is_on=is_on, keep_days=days, seen=seen))
    except ConflictError as error:
        return _page(site_id, error.sentence), error.status
    flash(
        "The page takes requests." if is_on else "The page takes no requests now, and names the phone.", "ok"
    )
    return redirect(url_for("requests.settings"), 303)


def _whole(name: str) -> int:
    text = request.form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(failed: int | None = None, sentence: str = "") -> str:
    with reading() as session:
        sites = pages_of_sites(session)
    return render_template(
        "intake/requests/settings.html",
        sites=sites,
        links={site.site_id: _links(site.code) for site in sites},
        failed=failed,
        sentence=sentence,
        typed=request.form,
        least=LEAST,
        most=MOST,
    )


def _links(code: str) -> list[tuple[str, str, str, str]]:
    """Of each language its code and name, the page's address, and a plain link to put elsewhere.

    The address comes from the configuration: what is copied from here stands on other sites for years.
    """
    base = current_app.extensions["sixfold"].base_url
    found = []
    for language in codes():
        words = load(language)
        address = f"{base}{url_for('ask.page', code=code, lang=language)}"
        link = LINK.format(escape(address), language, language, escape(words.say("ask.title")))
        found.append((language, words.name, address, link))
    return found
