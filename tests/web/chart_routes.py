"""The rows of the infusion log and of its settings in the table of routes (`tests.web.routes`)."""

from tests.web.route import ADMINISTRATOR, CHARTING, Route

LOG = "/infusions/<int:infusion_id>/log"
READING = {"key": "key-of-a-row", "sbp": "128", "dbp": "80", "pulse": "72"}
LIMITS = {
    "start_sbp": "150", "start_dbp": "95", "act_sbp": "170", "act_dbp": "105", "during_minutes": "5",
    "after_minutes": "15", "seen": "0",
}  # fmt: skip
EVENT = {
    "key": "key-of-an-event", "term": "Nausea", "onset_at": "", "grade": "1", "action": "none",
    "outcome": "resolved", "note": "",
}  # fmt: skip

CHART_ROUTES = (
    Route("GET", LOG, "/infusions/1/log", CHARTING, about=True),
    Route(
        "POST",
        f"{LOG}/<part>",
        "/infusions/1/log/dose",
        CHARTING,
        303,
        {"seen": "0", "weight_g": "70", "expiry": "2027-03-31", "route": "iv", "lot": "K1"},
        audited=True,
    ),
    Route("POST", f"{LOG}/vitals", "/infusions/1/log/vitals", CHARTING, 303, READING, audited=True),
    Route(
        "POST",
        f"{LOG}/vitals/<int:reading_id>/done",
        "/infusions/1/log/vitals/1/done",
        CHARTING,
        303,
        {"key": "key-of-an-answer", "done": "waited"},
        audited=True,
    ),
    Route("POST", f"{LOG}/rows/<kind>", "/infusions/1/log/rows/events", CHARTING, 303, EVENT, audited=True),
    Route(
        "POST",
        f"{LOG}/cautions",
        "/infusions/1/log/cautions",
        CHARTING,
        303,
        {"kind": "allergy", "words": "penicillin"},
        audited=True,
    ),
    Route("GET", "/settings/charting", "/settings/charting", ADMINISTRATOR),
    Route(
        "POST",
        "/settings/charting/<int:site_id>/limits",
        "/settings/charting/1/limits",
        ADMINISTRATOR,
        303,
        LIMITS,
        audited=True,
    ),
    Route(
        "POST",
        "/settings/charting/<int:site_id>/discharge",
        "/settings/charting/1/discharge",
        ADMINISTRATOR,
        303,
        {"lines": "Walks without help", "seen": ""},
        audited=True,
    ),
    # Log 1 lacks nearly everything: the page says what.
    Route("POST", f"{LOG}/complete", "/infusions/1/log/complete", CHARTING, 422, audited=True),
)
