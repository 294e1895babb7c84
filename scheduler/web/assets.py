"""Static files under a name that changes with their content, so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, request

FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


def init_assets(app: Flask) -> None:
    """Give the templates `asset(path)`, and say of each static file how long it may be kept.

    A file that is asked for by the version of its content never changes; without one, or with that
    of another release, the browser has to ask again.
    """
    folder = Path(app.static_folder or "static")

    @lru_cache(maxsize=256)
    def version(path: str) -> str:
        return hashlib.sha256((folder / path).read_bytes()).hexdigest()[:12]

    def asset(path: str) -> str:
        # Not url_for: an error page needs its stylesheet even where no route could be looked up.
        return f"{request.script_root}{app.static_url_path}/{quote(path)}?v={version(path)}"

    def keep(response: Response) -> Response:
        if request.endpoint == "static":
            found = response.status_code in {200, 206, 304}
            path = (request.view_args or {}).get("filename", "")
            same = found and request.args.get("v") == version(path)
            response.headers["Cache-Control"] = FOR_GOOD if same else ASK_AGAIN
        return response

    app.jinja_env.globals["asset"] = asset
    app.after_request(keep)
