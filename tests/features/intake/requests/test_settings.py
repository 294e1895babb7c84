"""What an administrator decides about a site's request page."""

from scheduler.db import Database
from scheduler.models import RequestPage
from tests.features.conftest import SignedIn
from tests.support.sign_in import csrf_token


def test_a_site_says_whether_it_takes_requests_and_how_long_it_keeps_people(
    sqlite: Database, as_role: SignedIn
) -> None:
    admin = as_role("administrator")
    token = {"csrf_token": csrf_token(admin)}
    saved = admin.post("/settings/requests/1", data={"keep_days": "30", "seen": "0", **token})
    assert saved.status_code == 303
    stale = admin.post("/settings/requests/1", data={"is_on": "1", "keep_days": "60", "seen": "0", **token})
    assert stale.status_code == 409 and 'value="60"' in stale.text
    odd = admin.post("/settings/requests/1", data={"keep_days": "6", "seen": "1", **token})
    assert odd.status_code == 422 and "from 7 to 730" in odd.text
    with sqlite.read() as session:
        row = session.get_one(RequestPage, 1)
        assert (row.is_on, row.keep_days, row.version) == (False, 30, 1)
    page = as_role("administrator").get("/settings/requests").text
    assert "http://127.0.0.1:8000/ask/RV?lang=es" in page
    link = '<a href="http://127.0.0.1:8000/ask/RV?lang=en" hreflang="en" lang="en">Ask for a consultation</a>'
    assert link.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;") in page
