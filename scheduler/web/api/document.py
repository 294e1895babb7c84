"""The API's own description (OpenAPI 3.1), made from the views, with the errors that each can really give.

The library's error handlers stay out: every error of `/api/v1` goes through `web/errors.py` like those
of the pages. Which errors a view can give follows from what it takes, so nobody writes them by hand.
"""

from http import HTTPStatus
from typing import Any

from flask import Flask, Request
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

from scheduler.web.access import declared_scope
from scheduler.web.api.problem import MEDIA_TYPE
from scheduler.web.csrf import csrf

ALWAYS = (400, 401, 403, 503)
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence that says what to do"},
        "errors": {
            "type": "array",
            "description": "What is wrong, field by field",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body"},
                    "parameter": {"type": "string", "description": "Name in the query or the headers"},
                    "detail": {"type": "string"},
                },
            },
        },
        "gone": {
            "type": "array",
            "description": "Visits that somebody else was faster to book",
            "items": {"type": "object"},
        },
        "now": {
            "type": ["object", "string"],
            "description": "What was changed meanwhile, as it is: a record or its state",
        },
        "asked": {"type": ["object", "string"], "description": "What the request wanted to make of it"},
        "scope": {"type": "string", "description": "The scope that the token lacks"},
        "course_id": {"type": "integer"},
        "patient_ids": {"type": "array", "items": {"type": "integer"}},
    },
}
ABOUT = (
    "Patients, protocols, sets of dates, courses and visits, for programs. The rules of the pages hold, the "
    "same audit trail is kept, the same conflicts are told. Send a bearer token that was made for you."
)


class StrictParser(FlaskParser):
    """Refuses what a view does not know, in the query too: a misspelt filter must not show everybody."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE}  # noqa: RUF012 - the library's way

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body; what no program can mean (a number of 10,000 digits, lists without an end) is a 400."""
        try:
            return super().load_json(req, schema)
        except (ValueError, RecursionError) as error:
            raise BadRequest from error


class ApiBlueprint(Blueprint):
    """A blueprint whose arguments are read strictly."""

    ARGUMENTS_PARSER = StrictParser()


class ApiDocument(Api):
    """The document of one application, and the way in for its blueprints."""

    def __init__(self, app: Flask) -> None:
        app.config.update(API_TITLE="Sixfold", API_VERSION="1", OPENAPI_VERSION="3.1.0")
        super().__init__(app, spec_kwargs={"info": {"description": ABOUT}})
        self.spec.components.schema("Problem", PROBLEM)
        self.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
        app.extensions["api_document"] = self

    def add(self, blueprint: Blueprint) -> None:
        """Register a blueprint: its requests carry a token, and no cookie that could be abused."""
        csrf.exempt(blueprint)
        self.register_blueprint(blueprint)

    def as_json(self) -> dict[str, Any]:
        """The whole document."""
        document: dict[str, Any] = self.spec.to_dict()
        endpoints = _endpoints(self._app)
        for path, methods in document["paths"].items():
            shared = methods.pop("parameters", [])
            for method, operation in methods.items():
                operation["parameters"] = [*shared, *operation.get("parameters", ())]
                scope = declared_scope(self._app, endpoints[path, method])
                operation["security"] = [{"token": []}]
                operation["x-scope"] = scope
                operation["responses"].pop("default", None)
                _add_problems(operation, path, method)
        document["components"].pop("responses", None)
        for unused in ("Error", "PaginationMetadata"):
            document["components"]["schemas"].pop(unused, None)
        return document

    def _register_error_handlers(self) -> None:
        """None of its own."""


def api_blueprint(name: str, about: str) -> ApiBlueprint:
    """A blueprint under /api/v1."""
    return ApiBlueprint(f"api_{name}", __name__, url_prefix="/api/v1", description=about)


def _path(rule: str) -> str:
    """`/a/<int:b>` as `/a/{b}`."""
    return rule.replace("<int:", "{").replace(">", "}")


def _endpoints(app: Flask) -> dict[tuple[str, str], str]:
    """Path and method, as the document writes them, to the endpoint behind them."""
    return {
        (_path(rule.rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }


def _add_problems(operation: dict[str, Any], path: str, method: str) -> None:
    """The errors that follow from what the operation takes."""
    responses = operation["responses"]
    for status in list(responses):
        if int(status) >= 400:
            del responses[status]
    for status in sorted({*ALWAYS, *_extra(operation, path, method)}):
        responses[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _extra(operation: dict[str, Any], path: str, method: str) -> set[int]:
    found: set[int] = set()
    names = {each["name"] for each in operation["parameters"] if each["in"] != "path"}
    if "{" in path or method == "post":
        found.add(404)
    if names - {"If-Match"} or "requestBody" in operation:
        found.add(422)
    if "requestBody" in operation:
        found |= {409, 413, 415}
    if "If-Match" in names:
        found |= {412, 428}
    return found
