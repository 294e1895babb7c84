"""The rows of the second factor, of mailed links to set a password, and of the access review."""

from tests.web.filled import ACCOUNT_TOKEN
from tests.web.route import ADMINISTRATOR, EVERYONE, STAFF, Route

FACTOR_ROUTES = (
    # Nobody here is half-way in: whoever is signed in goes on, everybody else signs in.
    Route("GET", "/sign-in/second", "/sign-in/second", EVERYONE, 303),
    Route("POST", "/sign-in/second", "/sign-in/second", EVERYONE, 303, {"code": "000000"}),
    Route("GET", "/sign-in/lost", "/sign-in/lost", EVERYONE),
    Route("POST", "/sign-in/lost", "/sign-in/lost", EVERYONE, 303, {"email": "a@example.org"}),
    Route("GET", "/a/<token>", f"/a/{ACCOUNT_TOKEN}", EVERYONE),
    Route(
        "POST", "/a/<token>", f"/a/{ACCOUNT_TOKEN}", EVERYONE, 303,
        {"password": "four quiet harbor lanterns"}, audited=True,
    ),
    Route("GET", "/me/factor", "/me/factor", STAFF),
    # That is not the code of any app: the page says so.
    Route("POST", "/me/factor", "/me/factor", STAFF, 422, {"do": "app", "code": "000000"}),
    # The only log-in of each test is the one that asks.
    Route("POST", "/me/log-ins/<int:session_id>", "/me/log-ins/1", STAFF, 303, audited=True),
    Route("GET", "/settings/staff/review", "/settings/staff/review", ADMINISTRATOR),
    Route("POST", "/settings/staff/review", "/settings/staff/review", ADMINISTRATOR, 303, audited=True),
    Route("GET", "/settings/staff/review.csv", "/settings/staff/review.csv", ADMINISTRATOR),
    Route(
        "POST", "/settings/staff/<int:user_id>/invite", "/settings/staff/1/invite", ADMINISTRATOR, 303,
        audited=True,
    ),
    Route("GET", "/settings/staff/<int:user_id>/factor", "/settings/staff/1/factor", ADMINISTRATOR),
    Route(
        "POST", "/settings/staff/<int:user_id>/factor", "/settings/staff/1/factor", ADMINISTRATOR, 303,
        audited=True,
    ),
)  # fmt: skip
