"""The rows of the requests' list and pages in the table of routes (`tests.web.routes`)."""

from tests.web.route import DESK, Route

ASKED = "/requests/<int:request_id>"
DETAILS = {
    "seen": "1", "given_name": "Inés", "family_name": "Okafor", "email": "ines@example.org",
    "phone": "212 555 0188", "language": "es", "way": "phone", "half_days": ["0a"], "guardian_name": "",
}  # fmt: skip

PATH_ROUTES = (
    Route("GET", "/requests", "/requests", DESK, about=True),
    Route("GET", "/requests.csv", "/requests.csv", DESK, about=True),
    Route("POST", "/requests/close", "/requests/close", DESK, 303, {"request": "1"}, audited=True),
    Route("GET", ASKED, "/requests/1", DESK, about=True),
    Route("POST", f"{ASKED}/contacted", "/requests/1/contacted", DESK, 303, audited=True),
    Route("POST", f"{ASKED}/tried", "/requests/1/tried", DESK, 303, audited=True),
    Route("POST", f"{ASKED}/notes", "/requests/1/notes", DESK, 303, {"note": "Side door"}, audited=True),
    Route(
        "POST", f"{ASKED}/plan", "/requests/1/plan", DESK, 303,
        {"seen": "1", "next_step": "Write a letter", "due": "2026-11-05", "owner": ""}, audited=True,
    ),
    Route("GET", f"{ASKED}/edit", "/requests/1/edit", DESK, about=True),
    Route("POST", f"{ASKED}/edit", "/requests/1/edit", DESK, 303, DETAILS, audited=True),
    Route("GET", f"{ASKED}/record", "/requests/1/record", DESK, about=True),
    Route(
        "POST", f"{ASKED}/record", "/requests/1/record", DESK, 303, {"birth_date": "1990-07-01"}, audited=True
    ),
    Route("GET", f"{ASKED}/close", "/requests/1/close", DESK, about=True),
    Route(
        "POST", f"{ASKED}/close", "/requests/1/close", DESK, 303, {"reason": "Went elsewhere"}, audited=True
    ),
    Route("POST", f"{ASKED}/reopen", "/requests/2/reopen", DESK, 303, audited=True),
)  # fmt: skip
