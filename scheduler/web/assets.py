"""Static files under a name that changes with their content, so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for


def init_assets(app: Flask) -> None:
    """Give the templates `asset(path)`."""
    folder = Path(app.static_folder or "static")

    @lru_cache(maxsize=256)
    def version(path: str) -> str:
        return hashlib.sha256((folder / path).read_bytes()).hexdigest()[:12]

    def asset(path: str) -> str:
        return url_for("static", filename=path, v=version(path))

    app.jinja_env.globals["asset"] = asset
