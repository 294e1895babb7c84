"""Every route of the API, the scope that it asks for, and what it answers to a token that holds it."""

from dataclasses import dataclass, field
from typing import Any

VISITS = [
    {"chair_id": 2, "start": f"2026-{day}T13:30"}
    for day in ("11-30", "12-02", "12-04", "12-07", "12-09", "12-11")
]
NEW_PATIENT = {"given_name": "Ana", "family_name": "Ruiz", "birth_date": "1979-03-14", "site_id": 1}
COURSE = {"patient_id": 2, "protocol_version_id": 1, "site_id": 1, "visits": VISITS}
SEARCH = {"patient_id": 2, "protocol_version_id": 1, "first": "2026-11-30", "until": "2026-12-02"}

SCHEDULED = {"If-Match": '"1-scheduled"'}

WISH = {"earlier": True, "half_days": ["1a", "1p", "3a"], "notice_hours": 24}
WAITING = {"course_id": 1, "infusion_id": 5, **WISH}


@dataclass(frozen=True)
class ApiRoute:
    """One row. `path` has real numbers; `about` says that it tells of patients, which leaves an audit row."""

    method: str
    rule: str
    path: str
    scope: str
    status: int = 200
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    about: bool = True

    def __str__(self) -> str:
        """The name of the test."""
        return f"{self.method} {self.rule}"


API_ROUTES = (
    ApiRoute("GET", "/api/v1/courses", "/api/v1/courses?patient_id=1", "courses:read"),
    ApiRoute(
        "POST", "/api/v1/courses", "/api/v1/courses", "courses:write", 201, COURSE,
        {"Idempotency-Key": "first"},
    ),
    ApiRoute("GET", "/api/v1/courses/<int:course_id>", "/api/v1/courses/1", "courses:read"),
    ApiRoute("GET", "/api/v1/infusions/<int:infusion_id>", "/api/v1/infusions/1", "courses:read"),
    ApiRoute(
        "POST", "/api/v1/infusions/<int:infusion_id>/cancel", "/api/v1/infusions/6/cancel", "infusions:write",
        200, {"reason": "Ill"}, SCHEDULED,
    ),
    ApiRoute(
        "POST", "/api/v1/infusions/<int:infusion_id>/move", "/api/v1/infusions/6/move", "infusions:write",
        200, {"start": "2026-11-13T13:00"}, SCHEDULED,
    ),
    ApiRoute(
        "POST", "/api/v1/infusions/<int:infusion_id>/state", "/api/v1/infusions/1/state", "infusions:write",
        200, {"step": "arrive"}, SCHEDULED,
    ),
    ApiRoute("GET", "/api/v1/patients", "/api/v1/patients?q=lin", "patients:read"),
    ApiRoute("POST", "/api/v1/patients", "/api/v1/patients", "patients:write", 201, NEW_PATIENT),
    ApiRoute("GET", "/api/v1/patients/<int:patient_id>", "/api/v1/patients/1", "patients:read"),
    ApiRoute(
        "PATCH", "/api/v1/patients/<int:patient_id>", "/api/v1/patients/1", "patients:write", 200,
        {"given_name": "Martha"}, {"If-Match": '"1"'},
    ),
    ApiRoute("POST", "/api/v1/proposals", "/api/v1/proposals", "courses:read", 200, SEARCH),
    ApiRoute("GET", "/api/v1/waiting", "/api/v1/waiting?patient_id=1", "waiting:read"),
    ApiRoute("POST", "/api/v1/waiting", "/api/v1/waiting", "waiting:write", 201, WAITING),
    ApiRoute("GET", "/api/v1/waiting/offers", "/api/v1/waiting/offers", "waiting:read"),
    ApiRoute("GET", "/api/v1/waiting/<int:entry_id>", "/api/v1/waiting/1", "waiting:read"),
    ApiRoute(
        "PUT", "/api/v1/waiting/<int:entry_id>", "/api/v1/waiting/1", "waiting:write", 200, WISH,
        {"If-Match": '"1"'},
    ),
    ApiRoute(
        "POST", "/api/v1/waiting/<int:entry_id>/steps", "/api/v1/waiting/1/steps", "waiting:write", 200,
        {"step": "withdraw"},
    ),
    ApiRoute("GET", "/api/v1/protocols", "/api/v1/protocols", "protocols:read", about=False),
)  # fmt: skip
