"""The rows of the screenings in the table of routes (`tests.web.routes`): 1 is signed, 2 is a draft."""

from tests.web.route import ADMINISTRATOR, CLINICIAN, Route

OF_REQUEST = "/requests/<int:request_id>/screening"
OF_PATIENT = "/patients/<int:patient_id>/screening"
ONE = "/screenings/<int:screening_id>"
RISKS = {"seen": "0", "heart": "no", "suicidality": "yes", "risks_note": "Seen by a cardiologist"}

SCREENING_ROUTES = (
    Route("GET", OF_REQUEST, "/requests/1/screening", CLINICIAN, about=True),
    Route("POST", OF_REQUEST, "/requests/1/screening", CLINICIAN, 303, audited=True),
    Route("GET", OF_PATIENT, "/patients/2/screening", CLINICIAN, about=True),
    Route("POST", OF_PATIENT, "/patients/2/screening", CLINICIAN, 303, audited=True),
    Route("GET", ONE, "/screenings/2", CLINICIAN, about=True),
    Route("POST", f"{ONE}/parts/<part>", "/screenings/2/parts/risks", CLINICIAN, 303, RISKS, audited=True),
    Route("GET", f"{ONE}/sign", "/screenings/2/sign", CLINICIAN, about=True),
    # What the page had shown is not what stands there: nothing is signed.
    Route(
        "POST", f"{ONE}/sign", "/screenings/2/sign", CLINICIAN, 409,
        {"seen": "0", "outcome": "not_now", "reason": "Later", "record": ""}, audited=True,
    ),
    Route(
        "POST", f"{ONE}/addenda", "/screenings/1/addenda", CLINICIAN, 303,
        {"words": "Fourteen months", "reason": "Misread", "key": "key-of-an-addendum"}, audited=True,
    ),
    Route("GET", "/settings/screening", "/settings/screening", ADMINISTRATOR),
    Route(
        "POST", "/settings/screening", "/settings/screening", ADMINISTRATOR, 303,
        {"trials_needed": "2", "valid_days": "90", "seen": "0"}, audited=True,
    ),
)  # fmt: skip
