"""The rows of the infusion log and of its settings in the table of routes (`tests.web.routes`)."""

from tests.web.filled import SHEET_TOKEN
from tests.web.route import ADMINISTRATOR, CHARTING, CLINICIAN, EVERYONE, Route

LOG = "/infusions/<int:infusion_id>/log"
COURSE_LOG = "/courses/<int:course_id>/log"
MEDICINES = "/courses/<int:course_id>/medicines"
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
    Route("GET", f"{LOG}/beside", "/infusions/1/log/beside", CHARTING, about=True),
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
    # Medicines beside a course.
    Route("GET", MEDICINES, "/courses/1/medicines", CHARTING, about=True),
    Route(
        "POST", MEDICINES, "/courses/1/medicines", CHARTING, 303, {"name": "Sertraline", "dose": "100 mg"},
        audited=True,
    ),
    Route(
        "POST", f"{MEDICINES}/<int:medicine_id>/end", "/courses/1/medicines/1/end", CHARTING, 303,
        {"until_day": "2026-11-01"}, audited=True,
    ),
    Route(
        "POST", f"{MEDICINES}/<int:medicine_id>/strike", "/courses/1/medicines/1/strike", CHARTING, 303,
        {"reason": "Another patient"}, audited=True,
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
    # Alerts: what waits, ending one, and what the clinic wants to be told about.
    Route("GET", "/alerts", "/alerts", CHARTING, about=True),
    Route(
        "POST", "/alerts/<int:alert_id>", "/alerts/1", CLINICIAN, 303, {"what_was_done": "Called"},
        audited=True,
    ),
    Route("GET", "/settings/alerts", "/settings/alerts", ADMINISTRATOR),
    Route(
        "POST", "/settings/alerts/<kind>", "/settings/alerts/booster", ADMINISTRATOR, 303,
        {"seen": "0", "at_least": "4", "at_most": "8"}, audited=True,
    ),
    # The course log: course 1 goes on, so nothing of it can be signed, and nothing is signed yet.
    Route("GET", COURSE_LOG, "/courses/1/log", CHARTING, about=True),
    Route("POST", f"{COURSE_LOG}/sign", "/courses/1/log/sign", CLINICIAN, 409, audited=True),
    Route(
        "POST", f"{COURSE_LOG}/visits/<int:infusion_id>/sign", "/courses/1/log/visits/1/sign", CLINICIAN, 422,
        audited=True,
    ),
    Route("POST", f"{COURSE_LOG}/co-sign", "/courses/1/log/co-sign", CLINICIAN, 422, audited=True),
    Route("POST", f"{COURSE_LOG}/reasons", "/courses/1/log/reasons", CLINICIAN, 422, audited=True),
    Route(
        "POST", f"{COURSE_LOG}/addenda", "/courses/1/log/addenda", CLINICIAN, 422,
        {"words": "70 kg", "reason": "misread", "key": "key-of-an-addendum"}, audited=True,
    ),
    Route("GET", "/review", "/review", CHARTING, about=True),
    Route("GET", "/review/next", "/review/next?after=1", CHARTING, 303),
    Route("GET", "/settings/sign-off", "/settings/sign-off", ADMINISTRATOR),
    Route(
        "POST", "/settings/sign-off/<int:site_id>", "/settings/sign-off/1", ADMINISTRATOR, 303,
        {"wants_second": "1"}, audited=True,
    ),
    # The logs as files.
    Route("GET", "/courses/<int:course_id>/log.pdf", "/courses/1/log.pdf", CHARTING, about=True),
    Route("GET", f"{LOG}.pdf", "/infusions/1/log.pdf", CHARTING, about=True),
    # The short tasks behind the link of the second hour after visit 1, and on a browser that is no tablet.
    Route("GET", "/r/<token>/tasks", f"/r/{SHEET_TOKEN}/tasks", EVERYONE),
    Route(
        "POST", "/r/<token>/tasks/begin", f"/r/{SHEET_TOKEN}/tasks/begin", EVERYONE, 200,
        {"task": "places", "key": "0" * 32, "practised": "1"}, audited=True,
    ),
    Route(
        "POST", "/r/<token>/tasks/end", f"/r/{SHEET_TOKEN}/tasks/end", EVERYONE, 404,
        {"key": "0" * 32, "responses": "[]"},
    ),
    Route(
        "POST", "/r/<token>/tasks/leave", f"/r/{SHEET_TOKEN}/tasks/leave", EVERYONE, 303,
        {"task": "places", "why": "hands"}, audited=True,
    ),
    Route("GET", "/kiosk/tasks", "/kiosk/tasks", EVERYONE, 404),
    Route("POST", "/kiosk/tasks/begin", "/kiosk/tasks/begin", EVERYONE, 404),
    Route("POST", "/kiosk/tasks/end", "/kiosk/tasks/end", EVERYONE, 404),
    Route("POST", "/kiosk/tasks/leave", "/kiosk/tasks/leave", EVERYONE, 404),
    # Charts as files for other programs.
    Route("GET", "/patients/<int:patient_id>/fhir.json", "/patients/1/fhir.json", CLINICIAN, about=True),
    Route("GET", "/courses/<int:course_id>/fhir.json", "/courses/1/fhir.json", CLINICIAN, about=True),
    Route("GET", "/exports", "/exports", CLINICIAN),
    Route("POST", "/exports", "/exports", CLINICIAN, 303, {"purpose": "Moving"}, audited=True),
    Route("GET", "/exports/<int:export_id>/file", "/exports/1/file", CLINICIAN, 404),
)  # fmt: skip
