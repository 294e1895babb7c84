"""The frame of every page: the figures beside the navigation, and the banner while sending is paused.

Both are asked once in a request, and only by pages that show them.
"""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from flask import g, request, session
from flask_login import current_user

from scheduler import clock
from scheduler.errors import NotFoundError
from scheduler.features.capacity.kept import kept
from scheduler.features.desk.forms import choose_site
from scheduler.features.desk.queries.shell import Shell, Sight, shell_of
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import SITE
from scheduler.features.outbox.queries.sending import Pause, pause_of
from scheduler.web import CHARTING, CLINICIAN, reading

KEPT = "shell"
NO_BANNER = ("outbox.sending", "outbox.switch_sending")  # The page of the switch says it itself.
COUNTERS: Mapping[str, Callable[[], int]] = {
    "desk.inbox": lambda: _shell().inbox,
    "tasks.index": lambda: _shell().tasks,
    "ratings.alerts": lambda: _shell().alerts,
    "review.queue": lambda: _shell().reviews,
    "waiting.index": lambda: _shell().offers,
    "path.index": lambda: _shell().requests,
}
"""What waits behind the entries of the navigation, by their endpoints."""


@blueprint.app_context_processor
def banner_of_the_pause() -> dict[str, Callable[[], Pause | None]]:
    """`sending_pause()` for the frame of the pages."""
    return {"sending_pause": _pause}


def _pause() -> Pause | None:
    if not current_user.is_authenticated or request.endpoint in NO_BANNER or not _shell().is_paused:
        return None
    with reading() as s:
        return pause_of(s, current_user.site_id)


def _shell() -> Shell:
    found: Shell | None = g.get(KEPT)
    if found is None:
        found = _read()
        setattr(g, KEPT, found)
    return found


def _read() -> Shell:
    now = clock.now()
    with reading() as s:
        site_id, tz = current_user.site_id, current_user.site_tz
        if tz is None or session.get(SITE, site_id) != site_id:
            try:
                site = choose_site(kept(s).sites, None, session.get(SITE), site_id)
            except NotFoundError:  # A clinic without a site has nothing in its inbox.
                site_id, tz = 0, "UTC"
            else:
                site_id, tz = site.id, site.tz
        return shell_of(s, site_id, now.astimezone(ZoneInfo(tz)).date(), now, _sight())


def _sight() -> Sight:
    if current_user.roles & CLINICIAN:
        return Sight.CLINICIAN
    return Sight.NURSE if current_user.roles & CHARTING else Sight.NOTHING
