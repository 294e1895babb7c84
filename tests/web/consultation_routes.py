"""The rows of consultations in the table of routes (`tests.web.routes`)."""

from tests.web.filled import TALK_TOKEN
from tests.web.route import DESK, EVERYONE, Route

PAGE = "/requests/<int:request_id>/consultation"
ONE = "/consultations/<int:consultation_id>"
# The clinician of the filled clinic, on a free day.
BOOKED = {"slot": "3@2026-11-24T09:00:00-05:00", "way": "phone", "key": "key-of-the-page"}
MOVED = {"slot": "3@2026-11-24T10:00:00-05:00", "way": "phone", "seen": "1"}

CONSULTATION_ROUTES = (
    Route("GET", PAGE, "/requests/1/consultation", DESK, about=True),
    Route("POST", PAGE, "/requests/1/consultation", DESK, 303, BOOKED, audited=True),
    Route("POST", f"{ONE}/move", "/consultations/1/move", DESK, 303, MOVED, audited=True),
    Route("GET", f"{ONE}/cancel", "/consultations/1/cancel", DESK, about=True),
    Route(
        "POST", f"{ONE}/cancel", "/consultations/1/cancel", DESK, 303,
        {"seen": "1", "reason": "They are ill"}, audited=True,
    ),
    Route(
        "POST", f"{ONE}/steps", "/consultations/1/steps", DESK, 303,
        {"seen": "1", "step": "seen", "next": "/requests/3"}, audited=True,
    ),
    Route("GET", "/k/<token>", f"/k/{TALK_TOKEN}", EVERYONE),
    Route("GET", "/k/<token>/appointment.ics", f"/k/{TALK_TOKEN}/appointment.ics", EVERYONE),
    Route(
        "POST", "/k/<token>/confirm", f"/k/{TALK_TOKEN}/confirm", EVERYONE, 303, {"version": "1"},
        audited=True,
    ),
    Route(
        "POST", "/k/<token>/ask", f"/k/{TALK_TOKEN}/ask", EVERYONE, 303,
        {"version": "1", "time": "call", "note": "Mornings are bad"}, audited=True,
    ),
)  # fmt: skip
