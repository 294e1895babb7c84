"""What every part of the API shares: problems, fields, slices of lists, versions, the document."""

from scheduler.web.api.document import ApiDocument, api_blueprint
from scheduler.web.api.etags import Answer, etag, require_match
from scheduler.web.api.pagination import Slice, read_cursor
from scheduler.web.api.problem import is_api

__all__ = [
    "Answer",
    "ApiDocument",
    "Slice",
    "api_blueprint",
    "etag",
    "is_api",
    "read_cursor",
    "require_match",
]
