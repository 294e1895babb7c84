"""The living page at /components: every part of the pages in every state."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scheduler.web.access import STAFF, access
from scheduler.web.showcase import examples

blueprint = Blueprint("components", __name__)


@blueprint.get("/components")
@access(STAFF)
def index() -> ResponseReturnValue:
    """Show the parts; nothing on it is of a real person."""
    return render_template("components/index.html", **examples())
