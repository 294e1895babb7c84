"""The rows of records and of their retention in the table of routes (`tests.web.routes`)."""

from tests.web.route import ADMINISTRATOR, CLINICIAN, Route

RECORD = "/patients/<int:patient_id>/record"
HOLDS = "/requests/<int:request_id>/holds"
KEEPERS = CLINICIAN | ADMINISTRATOR
YEARS = {"years": "12", "least": "7", "until_age": "21", "seen": "0"}

RECORDS_ROUTES = (
    Route("GET", RECORD, "/patients/1/record", KEEPERS, about=True),
    Route("GET", f"{RECORD}.json", "/patients/1/record.json", CLINICIAN, about=True),
    Route("GET", f"{RECORD}.pdf", "/patients/1/record.pdf", CLINICIAN, about=True),
    Route("GET", f"{RECORD}.ics", "/patients/1/record.ics", CLINICIAN, about=True),
    Route(
        "POST", f"{RECORD}/holds", "/patients/1/record/holds", KEEPERS, 303, {"reason": "A claim"},
        audited=True,
    ),
    # Hold 1 is on the record of patient 2.
    Route(
        "POST", f"{RECORD}/holds/<int:hold_id>/lift", "/patients/2/record/holds/1/lift", KEEPERS, 303,
        {"reason": "Settled"}, audited=True,
    ),
    # Patient 1 has a course that goes on: the page says so.
    Route(
        "POST", f"{RECORD}/delete", "/patients/1/record/delete", ADMINISTRATOR, 422,
        {"number": "RV-00001", "reason": "Asked for it"}, audited=True,
    ),
    Route("GET", HOLDS, "/requests/2/holds", KEEPERS, about=True),
    Route("POST", HOLDS, "/requests/1/holds", KEEPERS, 303, {"reason": "A claim"}, audited=True),
    Route(
        "POST", f"{HOLDS}/<int:hold_id>/lift", "/requests/2/holds/2/lift", KEEPERS, 303,
        {"reason": "Settled"}, audited=True,
    ),
    Route("GET", "/settings/retention", "/settings/retention", ADMINISTRATOR),
    Route(
        "GET", "/settings/retention/record", "/settings/retention/record?number=rv-00001", ADMINISTRATOR, 303
    ),
    Route(
        "POST", "/settings/retention/<any(chart,logs,messages):kind>", "/settings/retention/chart",
        ADMINISTRATOR, 303, YEARS, audited=True,
    ),
    # Nothing is past its time: the page says so.
    Route(
        "POST", "/settings/retention/runs", "/settings/retention/runs", ADMINISTRATOR, 422,
        {"sure": "1", "seen": "0.0"},
    ),
    Route(
        "POST", "/settings/retention/runs/<int:run_id>/stop", "/settings/retention/runs/1/stop",
        ADMINISTRATOR, 303,
    ),
)  # fmt: skip
