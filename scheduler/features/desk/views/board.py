"""The board: any day or week at any site, by chair, which keeps itself up to date."""

from datetime import timedelta
from typing import Any

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.capacity.kept import kept
from scheduler.features.desk.arrivals import day_sentence
from scheduler.features.desk.board.choice import (
    STATES,
    BoardChoice,
    chair_options,
    narrowed,
    protocol_options,
    read_choice,
)
from scheduler.features.desk.board.drawn import board_stamp, draw, span_of
from scheduler.features.desk.board.week import Week
from scheduler.features.desk.forms import choose_site
from scheduler.features.desk.overrun import overruns
from scheduler.features.desk.queries.board import Board, board_of
from scheduler.features.desk.queries.unsigned import unsigned_of
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import SITE, Unsigned, linked, note_list, remember, visit_stem
from scheduler.features.desk.words import counted, day_title, period
from scheduler.web import DESK, access, reading

LIVE = "live"


@blueprint.get("/board")
@access(DESK)
def board() -> ResponseReturnValue:
    """A day or a week by chair; its live part alone, or 204, where an open board asks again."""
    now, is_live = clock.now(), request.args.get("part") == LIVE
    with reading() as s:
        known = kept(s)
        sites = known.sites
        site = choose_site(sites, request.args.get("site"), session.get(SITE), current_user.site_id)
        choice = read_choice(request.args, site, now, known.versions)
        stamp = board_stamp(s, site, choice, now)
        if is_live and request.args.get("seen") == stamp:
            return "", 204
        drawn = draw(s, site, choice, now, stamp, _number(request.args.get("since")))
        visits = drawn.day.visits if drawn.day else drawn.week.visits if drawn.week else ()
        unsigned = unsigned_of(s, site, choice.day, visits)
    own = {"site": site.id, "view": choice.view, "day": choice.day.isoformat(), **choice.query}
    facts = {"site": site, "choice": choice, "own": own, "drawn": drawn, "stamp": stamp, "unsigned": unsigned}
    facts |= _week(drawn.week) if drawn.week else {}
    facts |= _day(drawn.day, choice, unsigned) if drawn.day else {}
    if is_live:
        return render_template("desk/_board_live.html", **facts)
    remember(site.id)
    note_list(now, choice.view, site.id, span_of(choice)[0], len(visits))
    page = render_template(
        "desk/board.html",
        sites=sites,
        chairs=chair_options(site.chairs),
        protocols=protocol_options(known.versions),
        states=STATES,
        **facts,
    )
    return page, 422 if choice.asked.error else 200


@blueprint.get("/board/print")
@access(DESK)
def print_week() -> ResponseReturnValue:
    """A week on paper, one page a day: every day on which the site is open or somebody comes."""
    now = clock.now()
    with reading() as s:
        known = kept(s)
        site = choose_site(known.sites, request.args.get("site"), session.get(SITE), current_user.site_id)
        choice = read_choice(request.args.to_dict() | {"view": "week"}, site, now, known.versions)
        days = [choice.monday + timedelta(days=n) for n in range(7)]
        boards = [board_of(s, site, day, now) for day in days]
    shown = [found for found in boards if found.visits or (found.is_open and not found.holiday)]
    own: dict[str, Any] = {"site": site.id, "view": "week", "day": choice.day.isoformat(), **choice.query}
    note_list(now, "week", site.id, days[0], sum(len(found.visits) for found in boards))
    page = render_template(
        "desk/board_print.html",
        site=site,
        choice=choice,
        days=[(found, narrowed(found.lanes, choice, site, found.visits)) for found in shown],
        title=period(days[0], days[-1]),
        back=url_for("desk.board", **own),
    )
    return page, 422 if choice.asked.error else 200


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _day(found: Board, choice: BoardChoice, unsigned: Unsigned) -> dict[str, Any]:
    return {
        "board": found,
        "shown": narrowed(linked(found, unsigned, movable=True), choice, found.site, found.visits),
        "listed": [
            visit for visit in found.visits if choice.has_visit(visit.name, visit.status, visit.version_id)
        ],
        "over": overruns(found.visits, found.local_now) if found.is_today else [],
        "title": day_title(found.day),
        "sentence": day_sentence(found),
    }


def _week(week: Week) -> dict[str, Any]:
    talks = f" and {counted(week.talks, 'consultation')}" if week.talks else ""
    return {
        "week": week,
        "stem": visit_stem(),
        "title": period(week.first, week.last),
        "sentence": f"{counted(len(week.visits), 'visit')}{talks} in the week.",
    }
