"""Today: who comes, who is here, who is in which chair; the page and its live part."""

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.capacity.kept import kept
from scheduler.features.desk.arrivals import arrivals_of
from scheduler.features.desk.board.drawn import drawn_today
from scheduler.features.desk.forms import choose_site
from scheduler.features.desk.queries.readiness import readiness_of
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import SITE, charting, linked, note_day, remember
from scheduler.features.desk.words import day_title
from scheduler.web import DESK, access, reading

POLLED = "live"


@blueprint.get("/today")
@access(DESK)
def today() -> ResponseReturnValue:
    """Who comes today; its live part alone where the page asks for it again."""
    now = clock.now()
    with reading() as s:
        sites = kept(s).sites
        site = choose_site(sites, request.args.get("site"), session.get(SITE), current_user.site_id)
        board = drawn_today(s, site, now)
        ready = readiness_of(s, board, now)
    facts = {
        "board": board,
        "shown": linked(board, {key: known.unsigned for key, known in ready.items()}),
        "arrivals": arrivals_of(board, ready),
        "title": day_title(board.day),
        "sites": sites,
        "charting": charting(),
        "asks_consent": any(known.unsigned is not None for known in ready.values()),
        "labels": list(dict.fromkeys(item.label for known in ready.values() for item in known.prepared)),
    }
    if request.args.get("part") == POLLED:
        return render_template("desk/_live.html", oob=True, **facts)
    remember(site.id)
    note_day(now, board)
    return render_template("desk/today.html", **facts)
