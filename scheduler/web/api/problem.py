"""Errors of the API as RFC 9457 problem details.

The sentences are those of the pages. Beside them stands what a program can act on: `errors` with a JSON
pointer (or the parameter's name) for each field, `gone` with the visits that somebody else was faster to
book. `type` stays about:blank: the status says what kind of problem it is.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, request

PREFIX = "/api/v1/"
MEDIA_TYPE = "application/problem+json"
SENTENCES = {  # Where a page would speak of buttons.
    400: "Something in the request can't be read. Look at its body, its query and its headers.",
    404: "There is no such address. All of them stand in /api/v1/openapi.json.",
    405: "That method does nothing here. Allow names those that do.",
    413: "A body may hold 2 megabytes. Send less.",
    422: "Change what “errors” names, and send it again.",
}
TOLD = (
    "gone",
    "now",
    "asked",
    "course_id",
    "patient_ids",
    "scope",
)  # Of an error's facts, those that a program is told.


def is_api() -> bool:
    """Whether a program is asking, and not a page."""
    return request.path.startswith(PREFIX)


def problem(status: int, title: str, detail: str, facts: Mapping[str, Any] | None = None) -> Response:
    """The answer for an error. `facts` are the error's own: `errors` maps fields to sentences."""
    facts = facts or {}
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body |= {name: facts[name] for name in TOLD if name in facts}
    if errors := facts.get("errors"):
        body["errors"] = [{"pointer": f"/{name}", "detail": words} for name, words in errors.items()]
    if messages := facts.get("messages"):
        body["errors"] = list(_of_schema(messages))
    answer = Response(json.dumps(body, default=_plain), status, mimetype=MEDIA_TYPE)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Sixfold"'
    if allowed := facts.get("allowed"):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _of_schema(messages: Any) -> Iterator[dict[str, str]]:
    """A line for each field that a schema refused: where it stood, then what is wrong with it."""
    for location, found in dict(messages).items():
        for path, words in _leaves(found, ()):
            if location == "json":
                yield {"pointer": "".join(f"/{_escaped(part)}" for part in path), "detail": words}
            else:
                yield {"parameter": path[0] if path else location, "detail": words}


def _leaves(found: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(found, Mapping):
        for key, below in found.items():
            yield from _leaves(below, path if key == "_schema" else (*path, str(key)))
    elif isinstance(found, str):
        yield path, found
    else:
        for each in found:
            yield from _leaves(each, path)


def _escaped(part: str) -> str:
    """A name inside a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")


def _plain(value: Any) -> Any:
    """What JSON does not know: instants, days, and our frozen facts."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} has no place in a problem")
