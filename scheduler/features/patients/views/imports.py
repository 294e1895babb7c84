"""Bringing patients in from a file: choose it, say what its columns are, look, and only then bring in."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record, record_read
from scheduler.features.patients.imports import queries
from scheduler.features.patients.imports.columns import faults
from scheduler.features.patients.imports.forms import file_name, parse_matching, parse_number
from scheduler.features.patients.imports.matching import save_matching
from scheduler.features.patients.imports.mending import mending_file
from scheduler.features.patients.imports.page import ImportPage, import_page
from scheduler.features.patients.imports.sniff import sniff
from scheduler.features.patients.imports.steps import STEPS, approve, bring_file, take, throw_away
from scheduler.features.patients.page import Sites, sites_for
from scheduler.features.patients.queries import open_sites
from scheduler.features.patients.views.blueprint import blueprint
from scheduler.web import DESK, access, current_actor, reading, writing
from scheduler.web.uploads import takes_file

MEGABYTES = 50
MOST = MEGABYTES * 2**20
PIECE = 500
NO_FILE = "Choose the file first."
TOO_LARGE = (
    f"This file is larger than {MEGABYTES} megabytes. Leave columns out that nobody needs, or split it."
)


@blueprint.get("/patients/import")
@access(DESK)
def imports() -> ResponseReturnValue:
    """Choose a file; and what became of the earlier ones."""
    return _index()


@blueprint.post("/patients/import")
@access(DESK)
@takes_file(MOST + 2**20)
def bring() -> ResponseReturnValue:
    """Keep the file, after a first look at it."""
    sent = request.files.get("file")
    raw = sent.stream.read(MOST + 1) if sent else b""
    if sent is None or not raw:
        return _index(NO_FILE), 422
    if len(raw) > MOST:
        return _index(TOO_LARGE), 413
    sites = _sites()
    try:
        seen = sniff(raw, sites.chosen.date_order)
    except RuleError as error:
        return _index(error.sentence), 422
    with writing() as session:
        found = bring_file(
            session, current_actor(), clock.now(), sites.chosen.id, file_name(sent.filename or ""), raw, seen
        )
    return redirect(url_for("patients.import_show", import_id=found.id), 303)


@blueprint.get("/patients/import/<int:import_id>")
@access(DESK)
def import_show(import_id: int) -> ResponseReturnValue:
    """Where one import stands; the progress alone for htmx, and the page anew once that has ended."""
    page = _page_of(import_id)
    if request.headers.get("HX-Request"):
        if not page.is_working:
            return "", 200, {"HX-Refresh": "true"}
        return render_template("patients/import/_work.html", page=page)
    with writing() as session:
        record_read(session, current_actor(), clock.now(), "patient_import", import_id, None)
    return _shown(page)


@blueprint.post("/patients/import/<int:import_id>/columns")
@access(DESK)
def import_match(import_id: int) -> ResponseReturnValue:
    """Keep what the columns are, and look again or have all rows checked."""
    now, actor = clock.now(), current_actor()
    sites = _sites()
    try:
        with writing() as session:
            found = queries.one_import(session, import_id)
            wanted = parse_matching(request.form, found, [int(number) for number in sites.by_id])
            found = save_matching(session, now, import_id, wanted)
            check = request.form.get("do") == "check" and not faults(found.columns)
            if check:
                take(session, actor, now, import_id, "check")
    except RuleError as error:
        return _shown(_page_of(import_id), error.sentence), 422
    if request.form.get("do") == "check" and not check:
        return _shown(_page_of(import_id), with_faults=True), 422
    return redirect(url_for("patients.import_show", import_id=import_id), 303)


@blueprint.post("/patients/import/<int:import_id>/steps")
@access(DESK)
def import_step(import_id: int) -> ResponseReturnValue:
    """One step on or back."""
    do, now = request.form.get("do", ""), clock.now()
    if do == "throw-away":
        with writing() as session:
            throw_away(session, current_actor(), now, import_id)
        flash("The file is thrown away. Nothing of it was brought in.", "ok")
        return redirect(url_for("patients.imports"), 303)
    if do in STEPS:
        with writing() as session:
            take(session, current_actor(), now, import_id, do)
    with reading() as session:
        queries.one_import(session, import_id)
    return redirect(url_for("patients.import_show", import_id=import_id), 303)


@blueprint.post("/patients/import/<int:import_id>/rows")
@access(DESK)
def import_approve(import_id: int) -> ResponseReturnValue:
    """Rows that look like somebody here are somebody else: one of them, or all."""
    row = request.form.get("row", "")
    numbers = None if row == "all" else [parse_number(row)]
    with writing() as session:
        count = approve(session, current_actor(), clock.now(), import_id, numbers)
    words = "1 row is" if count == 1 else f"{count} rows are"
    flash(f"{words} brought in with the others.", "ok")
    return redirect(url_for("patients.import_show", import_id=import_id, rows="likely"), 303)


@blueprint.get("/patients/import/<int:import_id>/left-out.csv")
@access(DESK)
def import_left_out(import_id: int) -> ResponseReturnValue:
    """The rows that were left out, with what to mend, to be brought again."""
    now = clock.now()
    with writing() as session:
        found = queries.one_import(session, import_id)
        record(session, current_actor(), now, "patient_import.left_out_read", "patient_import", import_id)

    def read(after: int) -> Sequence[Any]:
        with reading() as session:
            return queries.left_out(session, import_id, after, PIECE)

    headers = {"Content-Disposition": f'attachment; filename="left-out-{import_id}.csv"'}
    lines = stream_with_context(mending_file(found.head, read))
    return Response(lines, mimetype="text/csv", headers=headers)


def _index(trouble: str = "") -> str:
    with reading() as session:
        lines = queries.history(session)
    return render_template("patients/import/index.html", lines=lines, trouble=trouble, megabytes=MEGABYTES)


def _shown(page: ImportPage, trouble: str = "", *, with_faults: bool = False) -> str:
    wrong = page.match.faults if page.match and with_faults else {}
    return render_template("patients/import/show.html", page=page, trouble=trouble, faults=wrong)


def _page_of(import_id: int) -> ImportPage:
    sites = _sites()
    names = {int(number): name for number, name in sites.names.items()}
    shown, after = request.args.get("rows", ""), parse_number(request.args.get("after", ""))
    with reading() as session:
        return import_page(session, clock.now(), import_id, shown, after, names)


def _sites() -> Sites:
    with reading() as session:
        return sites_for(list(open_sites(session)), str(current_user.site_id or ""))
