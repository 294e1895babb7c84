"""The API's document: for programs, and as a page for people."""

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from scheduler.web.access import EVERYONE, STAFF, access

blueprint = Blueprint("api", __name__)


@blueprint.get("/api/v1/openapi.json")
@access(EVERYONE)
def document() -> ResponseReturnValue:
    """OpenAPI 3.1. It holds nothing of the clinic."""
    return jsonify(current_app.extensions["api_document"].as_json())


@blueprint.get("/api")
@access(STAFF)
def page() -> ResponseReturnValue:
    """The same, to read."""
    return render_template("api/index.html", document=current_app.extensions["api_document"].as_json())
