"""ETag and If-Match: an edit names the version that it was made from, or nothing is saved."""

from typing import Any

from flask import request

from scheduler.web.api.refusals import ChangedError, MatchNeededError

Answer = tuple[Any, int, dict[str, str]]  # What a view gives: the record, the status, its ETag.
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of the version that is changed",
    "schema": {"type": "string"},
}


def etag(version: int | str) -> dict[str, str]:
    """The header that names a record's version."""
    return {"ETag": f'"{version}"'}


def require_match(version: int | str) -> None:
    """Raise unless If-Match names `version`. Call it inside the transaction that holds the record."""
    if "If-Match" not in request.headers:
        raise MatchNeededError("Read it first, and send the ETag that you got as If-Match.")
    wanted = request.if_match
    if wanted.star_tag or not wanted.is_strong(str(version)):
        raise ChangedError("Somebody changed it since you read it. Nothing was saved. Read it again.")
