"""The commonest question of all, "has anything changed?", answered at the door with "no".

Calendar programs ask it hundreds of times before anything has. The application's usual way, with a session,
a log-in and forms to look at, costs many times what this answer does. So it is given before that way begins,
from what the process remembers of the very same address, and only where it is certain (`feeds/again.py`).
Whatever is not plain, such as an unknown address or a list of tags, goes the usual way. What holds for every
answer holds here too: only under our own names, with the same headers, with one line in the log that names
the route and never the address.
"""

import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from scheduler import clock
from scheduler.config import Config
from scheduler.features.calendars.feeds.again import told_before
from scheduler.features.calendars.views.feed import PRIVATE
from scheduler.web.headers import whole
from scheduler.web.hosts import ours
from scheduler.web.logs import note_answer, number_request

BEFORE, AFTER = "/feeds/", ".ics"
ROUTE = "/feeds/<token>.ics"


def at_the_door(app: Flask, config: Config) -> WSGIApplication:
    """The application with this answer before it; inside whatever says who asks under which name."""
    inside = app.wsgi_app
    is_ours = ours(config)
    headers = list(whole(PRIVATE, https=config.is_https).items())

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, known = environ["PATH_INFO"], environ.get("HTTP_IF_NONE_MATCH")
        if not known or not path.startswith(BEFORE) or environ["REQUEST_METHOD"] != "GET":
            return inside(environ, start_response)
        began = time.perf_counter()
        database = app.extensions["database"]
        token = path.removeprefix(BEFORE).removesuffix(AFTER)
        tag = told_before(database, token, database.mark(), clock.now())
        etag = f'"{tag.etag}"' if tag else None
        if etag is None or known != etag or path != BEFORE + token + AFTER or not is_ours(_host(environ)):
            return inside(environ, start_response)
        number = number_request()
        start_response("304 NOT MODIFIED", [("ETag", etag), *headers, ("X-Request-ID", number)])
        note_answer("GET", ROUTE, 304, began)
        return ()

    return answer


def _host(environ: WSGIEnvironment) -> str:
    host: str = environ.get("HTTP_HOST", "")
    return host
