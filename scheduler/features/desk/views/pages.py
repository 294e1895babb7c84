"""The pages of the desk. They read; the only rows they add say who looked at whom."""

from dataclasses import replace
from datetime import date, datetime

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record, record_read
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.desk.arrivals import arrivals_of, day_sentence
from scheduler.features.desk.forms import choose_day, choose_site
from scheduler.features.desk.lanes import Lane
from scheduler.features.desk.messages import messages_of
from scheduler.features.desk.queries.board import Board, board_of
from scheduler.features.desk.queries.course import course_page
from scheduler.features.desk.queries.history import history_of
from scheduler.features.desk.queries.patient import patient_page
from scheduler.features.desk.queries.visit import visit_page
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.words import day_title
from scheduler.features.outbox.queries import for_course, for_patient
from scheduler.features.ratings.queries import panel_of, trajectory
from scheduler.features.reminders.queries import planned_for_patient, planned_reminders
from scheduler.rendering.svg import NARROW, WIDE, Trajectory, rows, trajectory_svg
from scheduler.web import CHARTING, DESK, access, current_actor, reading, writing

SITE = "site"
POLLED = "live"


@blueprint.get("/today")
@access(DESK)
def today() -> ResponseReturnValue:
    """Who comes today; its live part alone where the page asks for it again."""
    now = clock.now()
    with reading() as s:
        sites = all_sites(s)
        site = choose_site(sites, request.args.get("site"), session.get(SITE), current_user.site_id)
        board = board_of(s, site, choose_day({}, site, now).day, now)
    facts = {
        "board": board,
        "shown": _linked(board),
        "arrivals": arrivals_of(board),
        "title": day_title(board.day),
        "sites": sites,
        "charting": _charting(),
    }
    if request.args.get("part") == POLLED:
        return render_template("desk/_live.html", oob=True, **facts)
    _remember(site.id)
    _note_day(now, board)
    return render_template("desk/today.html", **facts)


@blueprint.get("/day")
@access(DESK)
def day() -> ResponseReturnValue:
    """Any day at any site, by chair."""
    now = clock.now()
    with reading() as s:
        sites = all_sites(s)
        site = choose_site(sites, request.args.get("site"), session.get(SITE), current_user.site_id)
        choice = choose_day(request.args, site, now)
        board = board_of(s, site, choice.day, now)
    _remember(site.id)
    _note_day(now, board)
    page = render_template(
        "desk/day.html",
        board=board,
        shown=_linked(board),
        sites=sites,
        choice=choice,
        title=day_title(board.day),
        sentence=day_sentence(board),
    )
    return page, 422 if choice.error else 200


@blueprint.get("/patients/<int:patient_id>")
@access(DESK)
def patient(patient_id: int) -> ResponseReturnValue:
    """One patient: how to reach them, when they can come, their courses."""
    now = clock.now()
    with reading() as s:
        page = patient_page(s, patient_id, now)
        deeds = history_of(s, patient_id, page.tz)
        messages = messages_of(for_patient(s, patient_id), planned_for_patient(s, patient_id, now))
    _note_read(now, "patient", patient_id, patient_id)
    return render_template("desk/patient.html", page=page, deeds=deeds, messages=messages)


@blueprint.get("/courses/<int:course_id>")
@access(DESK)
def course(course_id: int) -> ResponseReturnValue:
    """One course: its visits in a line and, for those who chart, its trajectory."""
    now = clock.now()
    chart = None
    with reading() as s:
        page = course_page(s, course_id, now)
        messages = messages_of(for_course(s, course_id), planned_reminders(s, course_id, now))
        if _charting():
            chart = trajectory(s, course_id, now)
    _note_read(now, "course", course_id, page.patient_id)
    line = [replace(stop, href=url_for("desk.visit", infusion_id=stop.infusion_id)) for stop in page.line]
    return render_template("desk/course.html", page=page, line=line, drawn=_drawn(chart), messages=messages)


@blueprint.get("/infusions/<int:infusion_id>")
@access(DESK)
def visit(infusion_id: int) -> ResponseReturnValue:
    """One visit: when and where, and the ratings for those who chart."""
    now = clock.now()
    with reading() as s:
        page = visit_page(s, infusion_id, now)
        panel = panel_of(s, infusion_id, now) if _charting() else None
        lines = [one for one in for_course(s, page.course_id) if one.infusion_id in (None, infusion_id)]
        planned = [one for one in planned_reminders(s, page.course_id, now) if one.infusion_id == infusion_id]
    _note_read(now, "infusion", infusion_id, page.patient_id)
    messages = messages_of(lines, planned)
    return render_template("desk/visit.html", page=page, panel=panel, form=None, errors={}, messages=messages)


def _linked(board: Board) -> list[Lane]:
    """The lanes with the address of each visit's page."""
    return [
        replace(
            lane,
            blocks=tuple(
                replace(block, href=url_for("desk.visit", infusion_id=block.infusion_id))
                if block.infusion_id
                else block
                for block in lane.blocks
            ),
        )
        for lane in board.lanes
    ]


def _drawn(chart: Trajectory | None) -> dict[str, object] | None:
    """The trajectory as two drawings, for a desk and for a phone, and as a table."""
    if chart is None:
        return None
    return {"wide": trajectory_svg(chart, WIDE), "narrow": trajectory_svg(chart, NARROW), "rows": rows(chart)}


def _charting() -> bool:
    """Whether the person may see ratings (SECURITY.md, section 1)."""
    return bool(CHARTING & current_user.roles)


def _remember(site_id: int) -> None:
    """Keep the chosen site for this log-in; the cookie is only written when it changes."""
    if session.get(SITE) != site_id:
        session[SITE] = site_id


def _note_read(now: datetime, entity: str, entity_id: int, patient_id: int) -> None:
    with writing() as s:
        record_read(s, current_actor(), now, entity, entity_id, patient_id)


def _note_day(now: datetime, board: Board) -> None:
    """One row for a list of people; who was on it follows from the site and the day."""
    shown: date = board.day
    with writing() as s:
        record(
            s,
            current_actor(),
            now,
            "day.read",
            "day",
            board.site.id,
            day=shown.isoformat(),
            visits=len(board.visits),
        )
