"""A patient's documents on a tablet of the clinic: what is to be signed, and nothing else."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from scheduler.actor import Actor
from scheduler.errors import NotFoundError
from scheduler.features.portal.documents.views.shared import Way, list_page, take, text_page
from scheduler.features.portal.private import private_blueprint
from scheduler.features.ratings.views.kiosk import out_here
from scheduler.web import EVERYONE, access
from scheduler.web.inputs import any_text

blueprint = private_blueprint("documents_tablet")


@blueprint.get("/tablet/documents")
@access(EVERYONE)
def index() -> ResponseReturnValue:
    """What is to be signed, or that all is."""
    return list_page(_way())


@blueprint.get("/tablet/documents/<int:version_id>")
@access(EVERYONE)
def text(version_id: int) -> ResponseReturnValue:
    """A text, and the line to sign on."""
    return text_page(_way(), version_id)


@blueprint.post("/tablet/documents/<int:version_id>")
@access(EVERYONE)
@any_text
def sign(version_id: int) -> ResponseReturnValue:
    """Take a signature."""
    return take(_way(), version_id)


def _way() -> Way:
    found = out_here()
    if found is None or found.patient_id is None:
        raise NotFoundError("This tablet shows no documents.")
    return Way(
        "tablet",
        found.patient_id,
        Actor(None, "patient, on the tablet", request.remote_addr or ""),
        url_for("documents_tablet.index"),
        lambda version_id: url_for("documents_tablet.text", version_id=version_id),
    )
