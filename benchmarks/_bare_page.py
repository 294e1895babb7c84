"""A page of Sixfold beside the same template with the same facts in an application that does nothing else."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from flask import Flask, render_template, template_rendered
from flask.testing import FlaskClient


def whole_page(client: FlaskClient, address: str) -> Callable[[], int]:
    """The page as a person gets it; each call gives the number of its bytes."""

    def ask() -> int:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(answer.text[:500])
        return len(answer.data)

    return ask


def bare_page(client: FlaskClient, address: str) -> Callable[[], int]:
    """The same markup from an application that knows all of it beforehand."""
    app = client.application
    template, facts = _rendered(client, address)
    bare = Flask("bare")
    bare.jinja_options = app.jinja_options
    bare.jinja_loader = app.jinja_loader
    for name in ("filters", "globals", "tests"):
        getattr(bare.jinja_env, name).update(
            {key: value for key, value in getattr(app.jinja_env, name).items() if key != "url_for"}
        )
    bare.jinja_env.trim_blocks, bare.jinja_env.lstrip_blocks = (
        app.jinja_env.trim_blocks,
        app.jinja_env.lstrip_blocks,
    )
    bare.url_map, bare.extensions = app.url_map, app.extensions
    bare.view_functions = dict.fromkeys(app.view_functions, lambda **_: render_template(template, **facts))
    bare.secret_key, bare.testing = app.secret_key, True  # What fails says why.
    return whole_page(bare.test_client(), address)


def _rendered(client: FlaskClient, address: str) -> tuple[str, dict[str, Any]]:
    """The template of a page and everything that it was given."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def note(_app: Flask, template: Any, context: dict[str, Any], **_: object) -> None:
        seen.append((template.name, dict(context)))

    with template_rendered.connected_to(note, client.application):
        whole_page(client, address)()
    template, facts = seen[-1]
    with client.application.test_request_context():
        counted = [
            SimpleNamespace(count=item.count, href=item.href, label=item.label, current=item.current)
            for item in facts["nav"]
        ]
    known = {"nav": counted, "sending_pause": lambda: None, "page_key": lambda: "0" * 64}
    return template, facts | known
