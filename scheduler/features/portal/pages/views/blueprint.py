"""The blueprint of the pages behind the door: whoever has no open browser is told so, kindly."""

from flask import Response

from scheduler.features.portal.pages.browser import ClosedError, closed_page, note_use, this_device
from scheduler.features.portal.pages.queries.frame import Frame, frame_of
from scheduler.features.portal.private import private_blueprint
from scheduler.web import reading

blueprint = private_blueprint("pages")


@blueprint.before_request
def _only_the_patient() -> None:
    note_use(this_device())


@blueprint.errorhandler(ClosedError)
def _closed(_error: ClosedError) -> Response:
    return closed_page(401, "pages_closed")


def frame() -> Frame:
    """The words and the clinic of whoever this browser belongs to."""
    with reading() as session:
        return frame_of(session, this_device().patient_id)
