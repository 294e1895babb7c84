"""A feed, as calendar programs fetch it. The token in its address is the only key; cookies are ignored."""

from datetime import datetime

from flask import Response, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError
from scheduler.features.accounts.login import as_nobody
from scheduler.features.calendars.feeds.again import remember
from scheduler.features.calendars.feeds.answer import Tag, answer
from scheduler.features.calendars.feeds.change import TOUCH_EVERY, note_read
from scheduler.features.calendars.feeds.owners import LiveFeed, find
from scheduler.features.calendars.views.blueprint import blueprint
from scheduler.rendering import ics
from scheduler.web import EVERYONE, access, reading, writing
from scheduler.web.transaction import database

PRIVATE = {"Cache-Control": "private", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
GONE = "This calendar address does not open anything. Ask the clinic for the present one."


@blueprint.get("/feeds/<token>.ics")
@access(EVERYONE)
def feed(token: str) -> ResponseReturnValue:
    """The calendar, or that the program has it already. Unknown, revoked and ended are the same 404.

    What is certain without asking for more was answered at the door (`views/door.py`).
    """
    as_nobody()
    now = clock.now()
    known = frozenset(request.if_none_match.as_set(include_weak=True))
    data = database()
    mark = data.mark()
    with reading() as session:
        live = find(session, token, now)
        if live is None:
            raise NotFoundError(GONE)
        found = answer(session, live, now, known)
    remember(data, token, mark, _note(live, now), found.tag)
    return _told(found.tag, found.body)


def _told(tag: Tag, body: bytes | None) -> Response:
    told = Response(body, 304 if body is None else 200, content_type=ics.CONTENT_TYPE)
    told.set_etag(tag.etag)
    told.last_modified = tag.revised_at
    told.headers.update(PRIVATE)
    return told


def _note(live: LiveFeed, now: datetime) -> datetime:
    """Note the fetch, at most once a minute; gives when it was noted last."""
    if live.last_read_at is not None and now - live.last_read_at < TOUCH_EVERY:
        return live.last_read_at
    with writing() as session:
        note_read(session, now, live.id, request.user_agent.string)
    return now
