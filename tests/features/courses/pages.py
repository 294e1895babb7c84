"""The build page through a test client: open it, read its forms, follow its links."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.features.courses.asking import asked
from tests.support.clinic import SmallClinic
from tests.support.sign_in import csrf_token

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
LINK = re.compile(r'<a\b[^>]*?href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


def open_page(
    client: FlaskClient, clinic: SmallClinic, path: str = "/courses/new", **changes: object
) -> TestResponse:
    """The page of the search in `asking.asked`, some parameters changed."""
    return client.get(path, query_string=asked(clinic, **changes))


def booking(client: FlaskClient, page: TestResponse, proposal: str = "") -> dict[str, object]:
    """What the form of the sets sends from this page; the first set where none is named."""
    form = page.text[page.text.index('action="/courses" method="post"') :]
    fields: dict[str, object] = {}
    for name, value in FIELD.findall(form[: form.index("</form>")]):
        fields.setdefault(name, [])
        fields[name].append(unescape(value))  # type: ignore[attr-defined]
    first = next(name for name in fields if name.startswith("set-")).removeprefix("set-")
    return {**fields, "proposal": proposal or first, "csrf_token": csrf_token(client)}


def links(page: TestResponse) -> dict[str, str]:
    """The links of a page by their words."""
    return {
        " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split()): unescape(href)
        for href, words in LINK.findall(page.text)
    }


def link_of(page: TestResponse, words: str) -> str:
    """The address behind these words."""
    return links(page)[words]
