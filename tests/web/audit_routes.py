"""The rows of the audit trail."""

from tests.web.route import ADMINISTRATOR, Route

AUDIT_ROUTES = (
    Route("GET", "/settings/audit", "/settings/audit", ADMINISTRATOR),
    Route("GET", "/settings/audit.csv", "/settings/audit.csv", ADMINISTRATOR),
    Route("POST", "/settings/audit/check", "/settings/audit/check", ADMINISTRATOR, 303, audited=True),
)
