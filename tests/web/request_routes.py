"""The rows of the table for the request page, the desk's own form, and what follows a course."""

from datetime import timedelta

from scheduler.features.intake.requests.guard import new_ticket
from tests.support.clinic import NOW
from tests.web.route import ADMINISTRATOR, CHARTING, DESK, EVERYONE, Route

TICKET = new_ticket("a-key-for-tests-only", "RV", NOW - timedelta(minutes=1), 14, "0" * 32).text
ASK = {
    "ticket": TICKET, "work": "", "website": "", "lang": "en", "who": "self", "guardian_name": "",
    "given_name": "Ana", "family_name": "Ruiz", "way": "phone", "phone": "212 555 0188", "email": "",
    "birth_date": "", "half": ["1a"], "agreed": "1",
}  # fmt: skip
TAKE = {
    **{name: value for name, value in ASK.items() if name not in ("ticket", "work", "website", "lang")},
    "site": "1", "language": "en", "key": "key-of-the-first-page",
}  # fmt: skip

REQUEST_ROUTES = (
    # The way leads to the booking page, filled in.
    # No infusion of course 1 was given yet: there is nothing to compare with.
    Route("GET", "/courses/<int:course_id>/beside", "/courses/2/beside", CHARTING, 404),
    Route("GET", "/reports/follow-up", "/reports/follow-up", DESK, about=True),
    Route("GET", "/courses/<int:course_id>/booster", "/courses/1/booster", DESK, 303),
    Route("GET", "/ask/<code>", "/ask/RV", EVERYONE),
    Route("POST", "/ask/<code>", "/ask/RV", EVERYONE, 303, ASK, audited=True),
    # Nothing arrived with this ticket: the way leads to the form.
    Route("GET", "/ask/<code>/received/<ticket>", f"/ask/RV/received/{TICKET}", EVERYONE, 303),
    Route("GET", "/requests/new", "/requests/new", DESK),
    Route("POST", "/requests/new", "/requests/new", DESK, 303, TAKE, audited=True),
    Route("GET", "/settings/requests", "/settings/requests", ADMINISTRATOR),
    Route(
        "POST", "/settings/requests/<int:site_id>", "/settings/requests/1", ADMINISTRATOR, 303,
        {"is_on": "1", "keep_days": "90", "seen": "0"}, audited=True,
    ),
)  # fmt: skip
