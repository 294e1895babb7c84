"""Finding patients: the list, the field in the bar, and the file of all of them."""

from collections.abc import Sequence

from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.patients import queries
from scheduler.features.patients.export import export_file
from scheduler.features.patients.search_terms import terms
from scheduler.features.patients.views.blueprint import blueprint
from scheduler.features.patients.views.shown import note_shown
from scheduler.web import DESK, access, current_actor, reading, writing
from scheduler.web.filters import day_year

PIECE = 1_000
FEW = 6
MARK = {False: "", True: ", archived"}


@blueprint.get("/patients")
@access(DESK)
def index() -> ResponseReturnValue:
    """The list of patients, or of those who fit what was typed; the live part alone for htmx."""
    text, archived = request.args.get("q", "").strip()[:100], request.args.get("archived") == "1"
    unreached = request.args.get("reach") == "none"
    now, live = clock.now(), bool(request.headers.get("HX-Request"))
    with reading() as session:
        found = queries.page(session, text, archived=archived, cursor=_cursor(), unreached=unreached)
        courses = queries.running_courses(session, [hit.patient_id for hit in found.hits], now)
        countries = {site.id: site.country for site in queries.open_sites(session)}
    if live:
        note_shown(found.hits)
    else:
        with writing() as session:
            record(session, current_actor(), now, "patients.listed", "patient", shown=len(found.hits))
    template = "patients/_list.html" if live else "patients/index.html"
    return render_template(
        template,
        q="" if unreached else text,
        archived=archived and not unreached,
        unreached=unreached,
        found=found,
        courses=courses,
        countries=countries,
    )


@blueprint.get("/patients/search")
@access(DESK)
def search() -> ResponseReturnValue:
    """What the field in the bar has found: a list of links, or nothing while too little is typed."""
    text = request.args.get("q", "").strip()[:100]
    if not terms(text).groups:
        return ""
    with reading() as session:
        hits = queries.search(session, text)
        if len(hits) < FEW:  # Whoever was archived is not lost: they stand last, with a mark.
            hits += queries.page(session, text, archived=True, size=FEW).hits
    note_shown(hits)
    people = [
        {
            "href": url_for("desk.patient", patient_id=hit.patient_id),
            "name": hit.name,
            "detail": f"Born {day_year(hit.birth_date)}, {hit.record_number}{MARK[hit.archived]}",
        }
        for hit in hits
    ]
    return render_template("patients/_found.html", q=text, people=people)


@blueprint.get("/patients/export.csv")
@access(DESK)
def export() -> ResponseReturnValue:
    """All patients with their contact data as a file, for those who see these data on the pages."""
    now = clock.now()
    with writing() as session:
        record(
            session, current_actor(), now, "patients.exported", "patient", shown=queries.count_all(session)
        )

    def read(after: int) -> Sequence[queries.Exported]:
        with reading() as session:
            return queries.exported(session, after, PIECE)

    headers = {"Content-Disposition": f'attachment; filename="patients-{now:%Y-%m-%d}.csv"'}
    return Response(stream_with_context(export_file(read)), mimetype="text/csv", headers=headers)


def _cursor() -> queries.Cursor | None:
    """The line from which the list goes on, or back."""
    for name, backwards in (("after", False), ("before", True)):
        text = request.args.get(name, "")
        if text.isascii() and text.isdigit() and len(text) < 10:
            return queries.Cursor(int(text), backwards)
    return None
