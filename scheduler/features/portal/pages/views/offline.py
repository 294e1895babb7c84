"""Installed on a phone: the manifest, the script that keeps when and where, and the page that it keeps.

Without a connection a phone shows when and where and whom to call, and nothing else (SECURITY.md 17): no
name, no number of an appointment, nothing to press. The page is kept on devices alone that the patient called
their own, and no longer than these are remembered.
"""

import json
from pathlib import Path

from flask import Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError
from scheduler.features.portal.pages.browser import this_device
from scheduler.features.portal.pages.queries.appointments import ahead
from scheduler.features.portal.pages.views.blueprint import blueprint, frame
from scheduler.features.portal.pages.views.door import blueprint as door
from scheduler.features.portal.queries import DEAD
from scheduler.rendering.language import codes, load
from scheduler.web import EVERYONE, access, reading

ICONS = (
    ("icons/192.png", "192x192", "any"),
    ("icons/512.png", "512x512", "any"),
    ("icons/maskable.png", "512x512", "maskable"),
)
GROUND, ACCENT = "#f6f7f8", "#2f8ca0"


@blueprint.get("/my/offline")
@access(EVERYONE)
def offline() -> ResponseReturnValue:
    """When and where, as it stands now. Raises NotFoundError on a device that keeps nothing."""
    device, now, page = this_device(), clock.now(), frame()
    if not device.is_remembered:
        raise NotFoundError(DEAD)
    with reading() as session:
        found = ahead(session, device.patient_id, now)
    answer = make_response(
        render_template("portal/pages/offline.html", page=page, ahead=found, as_of=page.moment(now))
    )
    answer.headers["X-Kept-Until"] = str(int(device.ends_at.timestamp() * 1000))
    return answer


@door.get("/my/manifest.webmanifest")
@access(EVERYONE)
def manifest() -> ResponseReturnValue:
    """What a phone needs to install the pages: the same for everybody who reads this language."""
    wanted = request.args.get("lang", "")
    language = load(wanted if wanted in codes() else "en")
    asset = current_app.jinja_env.globals["asset"]
    body = {
        "name": language.say("my.app"),
        "short_name": language.say("my.app"),
        "lang": language.code,
        "id": "/my",
        "start_url": url_for("pages.home"),
        "scope": url_for("pages.home"),
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": ACCENT,
        "icons": [
            {"src": asset(path), "sizes": sizes, "type": "image/png", "purpose": purpose}  # type: ignore[operator]
            for path, sizes, purpose in ICONS
        ],
    }
    return Response(json.dumps(body), content_type="application/manifest+json")


@door.get("/my/worker.js")
@access(EVERYONE)
def worker() -> ResponseReturnValue:
    """The script that keeps the page. It stands here because a script may keep only what lies beside it."""
    folder = Path(current_app.static_folder or "static")
    body = (folder / "js" / "pages" / "worker.js").read_text(encoding="utf-8")
    answer = Response(body, content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = url_for("pages.home")
    return answer
