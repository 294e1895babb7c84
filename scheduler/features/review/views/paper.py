"""The course log and the log of one infusion as files to keep."""

from flask import Response

from scheduler import clock
from scheduler.features.audit.actions import record_read
from scheduler.features.review.paper.sheet import course_pdf, visit_pdf
from scheduler.features.review.queries.paper import printed_course, prints_on_letter, visit_record
from scheduler.features.review.views.blueprint import blueprint
from scheduler.rendering.canonical import Facts
from scheduler.web import CHARTING, access, current_actor, reading, writing


@blueprint.get("/courses/<int:course_id>/log.pdf")
@access(CHARTING)
def course_paper(course_id: int) -> Response:
    """The course log as it was signed, or as it stands."""
    now = clock.now()
    with reading() as s:
        record, drawn = printed_course(s, course_id, now)
        letter = prints_on_letter(s, record["site"]["id"])
    made = course_pdf(record, drawn, now, letter=letter)
    return _file(made, record, "course_log", course_id, "course-log")


@blueprint.get("/infusions/<int:infusion_id>/log.pdf")
@access(CHARTING)
def visit_paper(infusion_id: int) -> Response:
    """The log of one infusion."""
    now = clock.now()
    with reading() as s:
        record = visit_record(s, infusion_id, now)
        letter = prints_on_letter(s, record["site"]["id"])
    made = visit_pdf(record, now, letter=letter)
    return _file(made, record, "infusion_log", infusion_id, f"visit-{record['visit']['number']}")


def _file(made: bytes, record: Facts, what: str, what_id: int, name: str) -> Response:
    """The file, named by the record's number: what lies in a folder of downloads tells no name."""
    patient = record["patient"]
    with writing() as s:
        record_read(s, current_actor(), clock.now(), what, what_id, patient["id"])
    number = "".join(each for each in patient["record_number"] if each.isalnum() or each == "-")
    headers = {"Content-Disposition": f'inline; filename="{number}-{name}.pdf"'}
    return Response(made, mimetype="application/pdf", headers=headers)
