"""The rows of the patient's own pages in the table of routes (`tests.web.routes`).

Every visitor's browser holds the secret of patient 1's telephone, too; the link at the door is patient 2's.
"""

from tests.web.filled import PAGES_TOKEN
from tests.web.route import DESK, EVERYONE, Route

VISIT = "/my/visits/<int:infusion_id>"
BORN = {"day": "14", "month": "3", "year": "1986"}

PAGES_ROUTES = (
    Route("GET", "/p/<token>", f"/p/{PAGES_TOKEN}", EVERYONE),
    Route("POST", "/p/<token>", f"/p/{PAGES_TOKEN}", EVERYONE, 303, BORN, audited=True),
    Route("GET", "/my", "/my", EVERYONE),
    Route("POST", "/my/questions", "/my/questions", EVERYONE, 303, {"asked": "1.pre-1"}, audited=True),
    Route("GET", VISIT, "/my/visits/4", EVERYONE),
    Route("POST", f"{VISIT}/confirm", "/my/visits/4/confirm", EVERYONE, 303, {"version": "1"}, audited=True),
    Route(
        "POST", f"{VISIT}/ask", "/my/visits/4/ask", EVERYONE, 303, {"version": "1", "time": "call"},
        audited=True,
    ),
    Route(
        "POST", f"{VISIT}/ready/<int:item_id>", "/my/visits/4/ready/1", EVERYONE, 303, {"ready": "1"},
        audited=True,
    ),
    Route("GET", f"{VISIT}/appointment.ics", "/my/visits/4/appointment.ics", EVERYONE),
    Route("GET", "/my/appointments.ics", "/my/appointments.ics", EVERYONE),
    Route("GET", "/my/before-and-after", "/my/before-and-after", EVERYONE),
    Route("GET", "/my/messages", "/my/messages", EVERYONE),
    Route(
        "POST", "/my/messages", "/my/messages", EVERYONE, 303,
        {"seen": "0", "language": "es", "allow": ["email"]}, audited=True,
    ),
    Route("GET", "/my/data", "/my/data", EVERYONE),
    Route("GET", "/my/data.json", "/my/data.json", EVERYONE),
    Route("GET", "/my/devices", "/my/devices", EVERYONE),
    Route("POST", "/my/devices", "/my/devices", EVERYONE, 200, {"device": "all"}, audited=True),
    Route("GET", "/my/offline", "/my/offline", EVERYONE),
    Route("GET", "/my/manifest.webmanifest", "/my/manifest.webmanifest", EVERYONE),
    Route("GET", "/my/worker.js", "/my/worker.js", EVERYONE),
    Route("POST", "/patients/<int:patient_id>/pages", "/patients/1/pages", DESK, 303, audited=True),
    Route("POST", "/patients/<int:patient_id>/pages/end", "/patients/1/pages/end", DESK, 303, audited=True),
)  # fmt: skip
