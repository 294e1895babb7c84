"""Every route of Sixfold, who may open it, and what it answers: written by hand, not read from the code.

`test_routes.py` holds the application against this table. A new route fails there until it has a row here.
"""

from tests.web.access_routes import ACCESS_ROUTES
from tests.web.audit_routes import AUDIT_ROUTES
from tests.web.chart_routes import CHART_ROUTES
from tests.web.consent_routes import CONSENT_ROUTES
from tests.web.consultation_routes import CONSULTATION_ROUTES
from tests.web.factor_routes import FACTOR_ROUTES
from tests.web.filled import DATES_TOKEN, FEED_TOKEN, LEAVE_TOKEN, SHEET_TOKEN, VISIT_TOKEN, WALL_TOKEN
from tests.web.own_routes import OWN_ROUTES
from tests.web.pages_routes import PAGES_ROUTES
from tests.web.path_routes import PATH_ROUTES
from tests.web.records_routes import RECORDS_ROUTES
from tests.web.request_routes import REQUEST_ROUTES
from tests.web.route import ADMIN, ADMINISTRATOR, CHARTING, DESK, EVERYONE, STAFF, Route
from tests.web.screening_routes import SCREENING_ROUTES

NEW_PATIENT = {
    "given_name": "Ana", "family_name": "Ruiz", "birth_date": "14 March 1986", "phone": "212 555 0177",
    "email": "ana.ruiz@example.org", "language": "en", "site_id": "1", "can": ["0a", "0p"],
}  # fmt: skip
BOOKING = {
    "patient": "2", "protocol": "1", "site": "any", "from": "2026-11-30", "until": "2026-12-02",
    "can": [f"{day}{half}" for day in range(5) for half in "ap"],
    "proposal": "p1",
    "set-p1": "~".join(f"2@2026{day}T1330" for day in ("1130", "1202", "1204", "1207", "1209", "1211")),
    "key": "key-of-the-first-page",
}  # fmt: skip
ENTERED = {
    "version": "1", "site": "1", "key": "key-of-an-entered-course", "ending": "on",
    "day": ["2026-10-26", "2026-10-28"], "time": ["09:30", "09:30"], "was": ["completed", "missed"],
    "chair": ["", ""],
}  # fmt: skip
ITEM = {"label": "Driver", "protocol": "", "words_en": "Somebody else drives.", "words_es": ""}
CLINICIAN = frozenset({"clinician"})
WALL_ADDRESS = {"name": "Nurses' room", "site": "1", "lifetime": "365"}
MOVE = {
    "day": "2026-11-13", "time": "13:00", "key": "key-of-the-first-page", "proposal": "r1",
    "set-r1": "6.6.1.1@20261113T1300",
}  # fmt: skip
PLAN = {
    "asked": "1", "from": "", "can": ["0a", "4a"], "pa": "", "pb": "", "after": "12", "proposal": "r1",
    "key": "key-of-the-first-page", "set-r1": "6.0.0.1@20261127T0900",
}  # fmt: skip
PERSON = {"name": "Ana Reyes", "email": "ana@riverside.example", "role": ["front_desk"], "site": "1"}
SITE = {
    "name": "Hillside", "code": "HS", "discreet_name": "Hillside Clinic", "address": "3 Hill Road",
    "country": "US", "region": "NY", "tz": "America/New_York", "phone": "212 555 0177",
    "from_email": "desk@hillside.example", "date_order": "mdy", "clock24": "1", "weight_unit": "kg",
    "turnover_minutes": "10", "soft_load_pct": "80",
}  # fmt: skip
WISH = {"earlier": "1", "half_days": ["1a", "1p", "3a"], "notice_hours": "24"}
PROTOCOL = {
    "name": "Four in a fortnight", "infusions": "4", "gap_min": "3", "gap_target": "3", "gap_max": "5",
    "span_min": "10", "span_max": "14", "recovery_gap_max": "7", "recovery_span_max": "21",
    "phase0_name": "Infusion", "phase0_minutes": "60", "phase0_nurse": "2", "phase0_clinician": "1",
}  # fmt: skip
RATING = {"time_point": "pre", "value": "7", "rated_day": "2026-11-02", "rated_time": "08:50"}


ROUTES = (
    *ACCESS_ROUTES,
    *AUDIT_ROUTES,
    *CHART_ROUTES,
    *CONSENT_ROUTES,
    *CONSULTATION_ROUTES,
    *FACTOR_ROUTES,
    *OWN_ROUTES,
    *RECORDS_ROUTES,
    *PAGES_ROUTES,
    *PATH_ROUTES,
    *REQUEST_ROUTES,
    *SCREENING_ROUTES,
    Route("GET", "/settings/staff/<int:user_id>", "/settings/staff/1", ADMINISTRATOR),
    Route(
        "POST", "/settings/staff/<int:user_id>", "/settings/staff/1", ADMINISTRATOR, 303, PERSON, audited=True
    ),
    Route("GET", "/settings/staff/<int:user_id>/leave", "/settings/staff/1/leave", ADMINISTRATOR),
    Route(
        "POST", "/settings/staff/<int:user_id>/leave", "/settings/staff/1/leave", ADMINISTRATOR, 303,
        {"day": "2026-11-02"}, audited=True,
    ),
    Route("GET", "/settings/staff/<int:user_id>/password", "/settings/staff/1/password", ADMINISTRATOR),
    Route(
        "POST", "/settings/staff/<int:user_id>/password", "/settings/staff/1/password", ADMINISTRATOR, 303,
        {"password": "four quiet harbor lanterns"}, audited=True,
    ),
    Route("POST", "/settings/staff/<int:user_id>/return", "/settings/staff/1/return", ADMINISTRATOR, 303),
    Route("GET", "/settings/staff/new", "/settings/staff/new", ADMINISTRATOR),
    Route(
        "POST", "/settings/staff/new", "/settings/staff/new", ADMINISTRATOR, 303,
        {**PERSON, "email": "new@riverside.example", "password": "four quiet harbor lanterns"}, audited=True,
    ),
    Route("GET", "/settings/backups", "/settings/backups", ADMINISTRATOR),
    Route("GET", "/settings/mailbox", "/settings/mailbox", ADMINISTRATOR),
    Route("POST", "/settings/backups", "/settings/backups", ADMINISTRATOR, 303, audited=True),
    Route("GET", "/", "/", EVERYONE, 303),
    Route("GET", "/api", "/api", STAFF),
    Route("GET", "/api/v1/openapi.json", "/api/v1/openapi.json", EVERYONE),
    Route("GET", "/components", "/components", STAFF),
    Route("POST", "/courses", "/courses", DESK, 303, BOOKING, audited=True),
    Route("GET", "/courses/<int:course_id>", "/courses/1", DESK, about=True),
    Route("GET", "/courses/<int:course_id>/dates", "/courses/1/dates", DESK, about=True),
    Route("POST", "/changes/<int:change_id>/undo", "/changes/1/undo", DESK, 303, audited=True),
    Route("GET", "/courses/<int:course_id>/discontinue", "/courses/1/discontinue", DESK, about=True),
    Route(
        "POST", "/courses/<int:course_id>/discontinue", "/courses/1/discontinue", DESK, 303,
        {"reason": "Moved away"}, audited=True,
    ),
    Route("GET", "/courses/<int:course_id>/hold", "/courses/1/hold", DESK, about=True),
    Route(
        "POST", "/courses/<int:course_id>/hold", "/courses/1/hold", DESK, 303,
        {"which": "release", "reason": "Ill"}, audited=True,
    ),
    Route("GET", "/courses/<int:course_id>/resume", "/courses/1/resume", DESK, about=True),
    # Course 1 is not on hold: the page says so.
    Route("POST", "/courses/<int:course_id>/resume", "/courses/1/resume", DESK, 409),
    Route("GET", "/courses/<int:course_id>/plan", "/courses/2/plan?after=12", DESK, about=True),
    Route("POST", "/courses/<int:course_id>/plan", "/courses/2/plan", DESK, 303, PLAN, audited=True),
    Route("GET", "/infusions/<int:infusion_id>/cancel", "/infusions/5/cancel", DESK, about=True),
    Route(
        "POST", "/infusions/<int:infusion_id>/cancel", "/infusions/5/cancel", DESK, 303,
        {"which": "one", "reason": "Ill"}, audited=True,
    ),
    Route(
        "POST", "/infusions/<int:infusion_id>/steps", "/infusions/1/steps", DESK, 303,
        {"step": "arrive", "seen": "scheduled"}, audited=True,
    ),
    Route("GET", "/calls", "/calls", DESK, about=True),
    Route(
        "POST", "/courses/<int:course_id>/calls", "/courses/1/calls", DESK, 303,
        {"call": "reached", "seen": "5.1", "comes": "5"}, audited=True,
    ),
    Route("GET", "/courses/<int:course_id>/calendar.ics", "/courses/1/calendar.ics", DESK, about=True),
    Route("GET", "/calendars", "/calendars", STAFF),
    Route("GET", "/calendars/published", "/calendars/published", ADMIN),
    # No calendar server is set: the page says so.
    Route(
        "POST", "/calendars/published", "/calendars/published", ADMIN, 422,
        {"user": "3", "url": "https://calendar.example.org/dav/a/"},
    ),
    Route(
        "POST", "/calendars/published/<int:calendar_id>/stop", "/calendars/published/1/stop", ADMIN, 303,
        audited=True,
    ),
    Route("POST", "/calendars/own", "/calendars/own", CLINICIAN, audited=True),
    Route(
        "POST", "/calendars/<any(chair,site):kind>/<int:owner_id>", "/calendars/chair/1", ADMIN, audited=True
    ),
    Route("POST", "/patients/<int:patient_id>/calendar", "/patients/1/calendar", DESK, audited=True),
    Route("GET", "/feeds/<token>.ics", f"/feeds/{FEED_TOKEN}.ics", EVERYONE),
    Route("GET", "/courses/new", "/courses/new?patient=1", DESK, about=True),
    Route("GET", "/courses/proposals", "/courses/proposals?patient=1", DESK, about=True),
    Route("GET", "/board", "/board?day=2026-11-02", DESK, about=True),
    Route("GET", "/board/print", "/board/print?day=2026-11-02", DESK, about=True),
    Route("GET", "/find", "/find?q=lin", STAFF),
    Route("GET", "/healthz", "/healthz", EVERYONE, 503),  # No worker runs beside a test.
    Route("POST", "/hooks/sms", "/hooks/sms", EVERYONE, 403),  # The gateway signs its calls.
    Route("POST", "/hooks/sms/status", "/hooks/sms/status", EVERYONE, 403),
    Route("GET", "/infusions/<int:infusion_id>", "/infusions/1", DESK, about=True),
    Route(
        "POST", "/infusions/<int:infusion_id>/ready/<int:item_id>", "/infusions/4/ready/1", DESK, 303,
        {"ready": "1"}, audited=True,
    ),
    Route(
        "GET", "/infusions/<int:infusion_id>/move", "/infusions/4/move?day=2026-11-10&time=09:00", DESK,
        about=True,
    ),
    Route("POST", "/infusions/<int:infusion_id>/move", "/infusions/6/move", DESK, 303, MOVE, audited=True),
    Route("GET", "/infusions/<int:infusion_id>/calendar.ics", "/infusions/1/calendar.ics", DESK, about=True),
    Route(
        "POST", "/infusions/<int:infusion_id>/ratings", "/infusions/1/ratings", CHARTING, 303, RATING,
        audited=True,
    ),
    Route("GET", "/me", "/me", STAFF),
    Route("POST", "/me/digest", "/me/digest", STAFF, 303, {"wanted": "yes"}, audited=True),
    Route("POST", "/me/log-ins", "/me/log-ins", STAFF, 303),
    # The test staff have no password: the page says that it does not fit.
    Route("POST", "/me/password", "/me/password", STAFF, 422, {"present": "x"}, audited=True),
    Route("GET", "/inbox", "/inbox", DESK, about=True),
    Route(
        "POST", "/inbox/tasks/<int:task_id>", "/inbox/tasks/1", DESK, 303, {"outcome": "Phoned"}, audited=True
    ),
    Route(
        "POST", "/inbox/messages/<int:message_id>", "/inbox/messages/1", DESK, 303, {"outcome": "Phoned"},
        audited=True,
    ),
    Route(
        "POST", "/inbox/visits/<int:infusion_id>", "/inbox/visits/5", DESK, 303, {"seen": "1"}, audited=True
    ),
    Route("GET", "/messages", "/messages", STAFF, about=True),
    Route("GET", "/metrics", "/metrics", EVERYONE, 401),  # No log-in opens it, only its token.
    Route("GET", "/messages/<int:message_id>", "/messages/1", STAFF, about=True),
    Route("POST", "/messages/<int:message_id>/resend", "/messages/1/resend", STAFF, 303, audited=True),
    Route("GET", "/messages/export.csv", "/messages/export.csv", STAFF, about=True),
    Route("POST", "/messages/resend", "/messages/resend", STAFF, 303, {"message": "1"}, audited=True),
    Route("GET", "/messages/sending", "/messages/sending", STAFF),
    Route(
        "POST", "/messages/sending", "/messages/sending", STAFF, 303, {"to": "off", "reason": "Wrong words"},
        audited=True,
    ),
    Route("GET", "/messages/in", "/messages/in", STAFF, about=True),
    Route("GET", "/messages/planned", "/messages/planned", STAFF, about=True),
    Route("GET", "/patients", "/patients", DESK, about=True),
    Route("GET", "/patients/<int:patient_id>", "/patients/1", DESK, about=True),
    Route("POST", "/patients/<int:patient_id>/archive", "/patients/2/archive", DESK, 303, audited=True),
    Route("GET", "/patients/<int:patient_id>/contact", "/patients/1/contact", DESK, about=True),
    Route(
        "POST", "/patients/<int:patient_id>/contact", "/patients/1/contact", DESK, 303,
        {"seen": "0", "allow": ["email", "sms"]}, audited=True,
    ),
    Route(
        "POST", "/patients/<int:patient_id>/contact/allow", "/patients/1/contact/allow", DESK, 303,
        {"channel": "email"},
    ),
    Route("GET", "/patients/<int:patient_id>/courses/enter", "/patients/2/courses/enter", DESK, about=True),
    Route(
        "POST", "/patients/<int:patient_id>/courses/enter", "/patients/2/courses/enter", DESK, 303, ENTERED,
        audited=True,
    ),
    Route("GET", "/patients/<int:patient_id>/edit", "/patients/1/edit", DESK, about=True),
    Route(
        "POST", "/patients/<int:patient_id>/edit", "/patients/1/edit", DESK, 303,
        {**NEW_PATIENT, "version": "1"}, audited=True,
    ),
    Route("GET", "/patients/<int:patient_id>/merge", "/patients/1/merge?with=2", DESK, about=True),
    Route(
        "POST", "/patients/<int:patient_id>/merge", "/patients/1/merge", DESK, 303,
        {"with": "2", "kept_version": "1", "other_version": "2"}, audited=True,
    ),
    # Patient 2 was merged into nobody: the page says so.
    Route("POST", "/patients/<int:patient_id>/unmerge", "/patients/2/unmerge", DESK, 409),
    Route("POST", "/patients/<int:patient_id>/unarchive", "/patients/3/unarchive", DESK, 303, audited=True),
    Route("GET", "/patients/export.csv", "/patients/export.csv", DESK, about=True),
    Route("GET", "/patients/import", "/patients/import", DESK),
    # No file was chosen: the page says so.
    Route("POST", "/patients/import", "/patients/import", DESK, 422),
    Route("GET", "/patients/import/<int:import_id>", "/patients/import/1", DESK, about=True),
    Route(
        "POST", "/patients/import/<int:import_id>/columns", "/patients/import/1/columns", DESK, 303,
        {"do": "check", "column-0": "full_name", "column-1": "birth_date"}, audited=True,
    ),
    Route(
        "GET", "/patients/import/<int:import_id>/left-out.csv", "/patients/import/2/left-out.csv", DESK,
        about=True,
    ),
    Route(
        "POST", "/patients/import/<int:import_id>/rows", "/patients/import/2/rows", DESK, 303, {"row": "all"},
        audited=True,
    ),
    Route(
        "POST", "/patients/import/<int:import_id>/steps", "/patients/import/2/steps", DESK, 303,
        {"do": "match"}, audited=True,
    ),
    Route("GET", "/patients/new", "/patients/new", DESK),
    Route("POST", "/patients/new", "/patients/new", DESK, 303, NEW_PATIENT, audited=True),
    Route("GET", "/patients/search", "/patients/search?q=lin", DESK, about=True),
    Route("GET", "/reports", "/reports", STAFF, 303),
    Route("GET", "/reports/<name>.csv", "/reports/missed.csv", STAFF),
    Route("GET", "/reports/<report>", "/reports/use", STAFF),
    # A clinic's outcomes: whoever may read every chart.
    Route("GET", "/reports/outcomes", "/reports/outcomes", CHARTING),
    Route("GET", "/reports/outcomes.csv", "/reports/outcomes.csv", CHARTING),
    Route("GET", "/settings", "/settings", STAFF, 303),
    Route("GET", "/settings/<section>", "/settings/sites", STAFF),
    Route(
        "POST", "/settings/messages/rules", "/settings/messages/rules", ADMIN, 303,
        {"days": "7", "channel": "email"}, audited=True,
    ),
    Route(
        "POST", "/settings/messages/rules/<int:rule_id>", "/settings/messages/rules/1", ADMIN, 303,
        {"do": "off"}, audited=True,
    ),
    Route(
        "GET", "/settings/messages/words/<purpose>/<channel>/<language>",
        "/settings/messages/words/reminder/sms/es", ADMIN,
    ),
    Route(
        "POST", "/settings/messages/words/<purpose>/<channel>/<language>",
        "/settings/messages/words/reminder/sms/en", ADMIN, 303,
        {"do": "save", "version": "0", "body": "{clinic}: {date}, {time}. {phone}"}, audited=True,
    ),
    Route("GET", "/settings/api", "/settings/api", ADMIN),
    Route(
        "POST", "/settings/api", "/settings/api", ADMIN, 200,
        {"name": "Phone system", "scopes": ["patients:read"], "lifetime": "365"}, audited=True,
    ),
    Route("GET", "/settings/api/tokens/<int:token_id>/revoke", "/settings/api/tokens/2/revoke", ADMIN),
    Route(
        "POST", "/settings/api/tokens/<int:token_id>/revoke", "/settings/api/tokens/2/revoke", ADMIN, 303,
        audited=True,
    ),
    Route("GET", "/settings/api/webhooks", "/settings/api/webhooks", ADMIN),
    Route(
        "POST", "/settings/api/webhooks", "/settings/api/webhooks", ADMIN, 200,
        {"url": "https://ehr.example.org/sixfold", "events": ["course.booked"]}, audited=True,
    ),
    Route("GET", "/settings/api/webhooks/<int:endpoint_id>/remove", "/settings/api/webhooks/1/remove", ADMIN),
    Route(
        "POST", "/settings/api/webhooks/<int:endpoint_id>/remove", "/settings/api/webhooks/1/remove", ADMIN,
        303, audited=True,
    ),
    Route(
        "POST", "/settings/api/webhooks/<int:endpoint_id>/switch", "/settings/api/webhooks/1/switch", ADMIN,
        303, {"to": "off"}, audited=True,
    ),
    Route(
        "POST", "/settings/api/webhooks/<int:endpoint_id>/test", "/settings/api/webhooks/1/test", ADMIN, 303,
        audited=True,
    ),
    Route(
        "POST", "/settings/api/deliveries/<int:delivery_id>/resend", "/settings/api/deliveries/1/resend",
        ADMIN, 303, audited=True,
    ),
    Route("GET", "/settings/wall", "/settings/wall", ADMIN),
    Route("GET", "/settings/preparation", "/settings/preparation", ADMIN),
    Route("GET", "/settings/preparation/new", "/settings/preparation/new", ADMIN),
    Route("POST", "/settings/preparation/new", "/settings/preparation/new", ADMIN, 303, ITEM, audited=True),
    Route("GET", "/settings/preparation/<int:item_id>", "/settings/preparation/1", ADMIN),
    Route(
        "POST", "/settings/preparation/<int:item_id>", "/settings/preparation/1", ADMIN, 303,
        {**ITEM, "version": "1"}, audited=True,
    ),
    Route(
        "POST", "/settings/preparation/<int:item_id>/order", "/settings/preparation/1/order", ADMIN, 303,
        {"way": "up"},
    ),
    Route(
        "POST", "/settings/preparation/<int:item_id>/archive", "/settings/preparation/1/archive", ADMIN, 303,
        audited=True,
    ),
    Route("POST", "/settings/wall", "/settings/wall", ADMIN, 200, WALL_ADDRESS, audited=True),
    Route(
        "POST", "/settings/wall/<int:token_id>/revoke", "/settings/wall/1/revoke", ADMIN, 303,
        audited=True,
    ),
    Route("GET", "/settings/closures/new", "/settings/closures/new", ADMIN),
    Route(
        "POST", "/settings/closures/new", "/settings/closures/new", ADMIN, 303,
        {"what": "c2", "first": "2026-12-01", "reason": "Pump service"}, audited=True,
    ),
    Route(
        "POST", "/settings/closures/<int:closure_id>/remove", "/settings/closures/1/remove", ADMIN, 303,
        audited=True,
    ),
    Route(
        "GET", "/settings/sites/<int:site_id>/holidays/<day>", "/settings/sites/1/holidays/2026-11-26", ADMIN
    ),
    Route(
        "POST", "/settings/sites/<int:site_id>/holidays/<day>", "/settings/sites/1/holidays/2026-11-26",
        ADMIN, 303, audited=True,
    ),
    Route("GET", "/settings/duty/<int:user_id>/<duty>", "/settings/duty/2/nurse", ADMIN),
    Route("GET", "/settings/duty/<int:user_id>/<duty>/days", "/settings/duty/2/nurse/days", ADMIN),
    Route(
        "POST", "/settings/duty/<int:user_id>/<duty>/days", "/settings/duty/2/nurse/days", ADMIN, 303,
        {"first": "2026-11-03", "reason": "Ill"}, audited=True,
    ),
    Route(
        "GET", "/settings/duty/<int:user_id>/<duty>/week/<int:site_id>", "/settings/duty/2/nurse/week/1",
        ADMIN,
    ),
    Route(
        "POST", "/settings/duty/<int:user_id>/<duty>/week/<int:site_id>", "/settings/duty/2/nurse/week/1",
        ADMIN, 303, {"since": "2027-01-04", "day0": "8-12, 13-18"}, audited=True,
    ),
    Route("GET", "/settings/sites/<int:site_id>/hours", "/settings/sites/1/hours", ADMIN),
    Route(
        "POST", "/settings/sites/<int:site_id>/hours", "/settings/sites/1/hours", ADMIN, 303,
        {**{f"day{day}": "8-20" for day in range(5)}, "day5": "9-13", "version": "1"}, audited=True,
    ),
    Route("GET", "/settings/protocols/new", "/settings/protocols/new", ADMIN),
    Route("POST", "/settings/protocols/new", "/settings/protocols/new", ADMIN, 303, PROTOCOL, audited=True),
    Route("GET", "/settings/protocols/<int:protocol_id>", "/settings/protocols/1", ADMIN),
    Route(
        "POST", "/settings/protocols/<int:protocol_id>", "/settings/protocols/1", ADMIN, 303,
        {**PROTOCOL, "version": "1"}, audited=True,
    ),
    Route(
        "POST", "/settings/protocols/<int:protocol_id>/deeds", "/settings/protocols/1/deeds", ADMIN, 303,
        {"do": "archive"}, audited=True,
    ),
    Route("GET", "/settings/sites/new", "/settings/sites/new", ADMIN),
    Route("POST", "/settings/sites/new", "/settings/sites/new", ADMIN, 303, SITE, audited=True),
    Route("GET", "/settings/sites/<int:site_id>", "/settings/sites/1", ADMIN),
    Route(
        "POST", "/settings/sites/<int:site_id>", "/settings/sites/1", ADMIN, 303,
        {**SITE, "version": "1"}, audited=True,
    ),
    Route("GET", "/settings/sites/<int:site_id>/archive", "/settings/sites/1/archive", ADMIN),
    # The only site in use stays in use.
    Route("POST", "/settings/sites/<int:site_id>/archive", "/settings/sites/1/archive", ADMIN, 422),
    # It is in use already.
    Route("POST", "/settings/sites/<int:site_id>/restore", "/settings/sites/1/restore", ADMIN, 409),
    Route("GET", "/settings/sites/<int:site_id>/chairs/new", "/settings/sites/1/chairs/new", ADMIN),
    Route(
        "POST", "/settings/sites/<int:site_id>/chairs/new", "/settings/sites/1/chairs/new", ADMIN, 303,
        {"name": "Bed 1", "kind": "bed"}, audited=True,
    ),
    Route("GET", "/settings/chairs/<int:chair_id>", "/settings/chairs/2", ADMIN),
    Route(
        "POST", "/settings/chairs/<int:chair_id>", "/settings/chairs/2", ADMIN, 303,
        {"name": "Window", "kind": "chair", "version": "1"}, audited=True,
    ),
    Route(
        "POST", "/settings/chairs/<int:chair_id>/order", "/settings/chairs/2/order", ADMIN, 303,
        {"way": "up"}, audited=True,
    ),
    Route("GET", "/settings/chairs/<int:chair_id>/retire", "/settings/chairs/2/retire", ADMIN),
    Route(
        "POST", "/settings/chairs/<int:chair_id>/retire", "/settings/chairs/2/retire", ADMIN, 303,
        {"day": "2026-12-01"}, audited=True,
    ),
    # It is in use already.
    Route("POST", "/settings/chairs/<int:chair_id>/return", "/settings/chairs/2/return", ADMIN, 409),
    Route("GET", "/sign-in", "/sign-in", EVERYONE, 303, but={"anonymous": 200}),
    Route(
        "POST", "/sign-in", "/sign-in", EVERYONE, 422, {"email": "a@example.org", "password": "x"},
        audited=True,
    ),
    Route("POST", "/sign-out", "/sign-out", STAFF, 303, audited=True),
    Route("GET", "/static/<path:filename>", "/static/icon.svg", EVERYONE),
    Route("GET", "/tasks", "/tasks", DESK, about=True),
    Route(
        "POST", "/tasks/<int:task_id>/settle", "/tasks/1/settle", DESK, 303, {"outcome": "Phoned"},
        audited=True,
    ),
    Route("GET", "/today", "/today", DESK, about=True),
    Route("GET", "/waiting", "/waiting", DESK, about=True),
    Route("GET", "/waiting/new", "/waiting/new", DESK),
    Route(
        "POST", "/waiting/new", "/waiting/new", DESK, 303, {"patient": "1", "what": "v5", **WISH},
        audited=True,
    ),
    Route("GET", "/waiting/<int:entry_id>", "/waiting/1", DESK, about=True),
    Route("POST", "/waiting/<int:entry_id>", "/waiting/1", DESK, 303, {"version": "1", **WISH}, audited=True),
    Route(
        "POST", "/waiting/<int:entry_id>/steps", "/waiting/1/steps", DESK, 303, {"step": "withdraw"},
        audited=True,
    ),
    Route("GET", "/wall/<token>", f"/wall/{WALL_TOKEN}", EVERYONE),
    Route("GET", "/settings/instruments", "/settings/instruments", STAFF),
    Route("GET", "/settings/instruments/<code>/<int:version>", "/settings/instruments/gad7/1", STAFF),
    Route("GET", "/settings/protocols/<int:protocol_id>/ratings", "/settings/protocols/1/ratings", ADMIN),
    Route(
        "POST", "/settings/protocols/<int:protocol_id>/ratings", "/settings/protocols/1/ratings", ADMIN, 303,
        {"ask": ["gad7.baseline.each", "gad7.weekly.each"], "primary": "gad7", "seen": "1"}, audited=True,
    ),
    Route("GET", "/ratings", "/ratings", DESK, about=True),
    Route("GET", "/courses/<int:course_id>/ratings", "/courses/1/ratings", CHARTING, about=True),
    Route(
        "GET", "/courses/<int:course_id>/ratings/<slot>/<code>", "/courses/1/ratings/baseline/gad7", CHARTING,
        about=True,
    ),
    Route(
        "POST", "/courses/<int:course_id>/ratings/<slot>/<code>", "/courses/1/ratings/baseline/gad7",
        CHARTING, 303,
        {f"a{at}": "1" for at in range(7)} | {"rated_day": "2026-11-01", "rated_time": "20:00"}, audited=True,
    ),
    # The second course begins in two weeks: its first questions can be sent.
    Route(
        "POST", "/courses/<int:course_id>/ratings/<slot>/link", "/courses/2/ratings/baseline/link", DESK, 303,
        audited=True,
    ),
    Route(
        "POST", "/courses/<int:course_id>/alerts/<int:alert_id>", "/courses/1/alerts/1", CLINICIAN, 303,
        {"what_was_done": "Called"}, audited=True,
    ),
    Route("POST", "/infusions/<int:infusion_id>/kiosk", "/infusions/1/kiosk", DESK, 303, audited=True),
    # A browser that is no tablet finds nothing there.
    Route("GET", "/kiosk", "/kiosk", EVERYONE, 404),
    Route("POST", "/kiosk", "/kiosk", EVERYONE, 404),
    Route("GET", "/r/<token>", f"/r/{SHEET_TOKEN}", EVERYONE),
    Route("POST", "/r/<token>", f"/r/{SHEET_TOKEN}", EVERYONE, 200, {"anxiety_now-0": "4"}, audited=True),
    Route("GET", "/c/<token>", f"/c/{DATES_TOKEN}", EVERYONE),
    Route("GET", "/c/<token>/appointments.ics", f"/c/{DATES_TOKEN}/appointments.ics", EVERYONE),
    Route("POST", "/c/<token>/calendar", f"/c/{DATES_TOKEN}/calendar", EVERYONE, audited=True),
    Route("GET", "/u/<token>", f"/u/{LEAVE_TOKEN}", EVERYONE),
    Route("POST", "/u/<token>", f"/u/{LEAVE_TOKEN}", EVERYONE, audited=True),
    Route("POST", "/u/<token>/again", f"/u/{LEAVE_TOKEN}/again", EVERYONE, 303),  # It says nothing new here.
    Route("GET", "/v/<token>", f"/v/{VISIT_TOKEN}", EVERYONE),
    Route("GET", "/v/<token>/appointment.ics", f"/v/{VISIT_TOKEN}/appointment.ics", EVERYONE),
    Route(
        "POST", "/v/<token>/confirm", f"/v/{VISIT_TOKEN}/confirm", EVERYONE, 303, {"version": "1"},
        audited=True,
    ),
    Route(
        "POST", "/v/<token>/ask", f"/v/{VISIT_TOKEN}/ask", EVERYONE, 303,
        {"version": "1", "time": "call", "note": "Mornings are bad"}, audited=True,
    ),
    Route(
        "POST", "/v/<token>/ready/<int:item_id>", f"/v/{VISIT_TOKEN}/ready/1", EVERYONE, 303, {"ready": "1"},
        audited=True,
    ),
)  # fmt: skip
