"""The rows of the lock, of what was typed into a locked page, and of the clinic's times of access."""

from tests.web.route import ADMINISTRATOR, EVERYONE, STAFF, Route

# Form 1 is the clinician's own: for everybody else it is not there.
NOT_THEIRS = {"front_desk": 404, "nurse": 404, "administrator": 404}

ACCESS_ROUTES = (
    # Nothing is locked: whoever is signed in goes on, everybody else signs in.
    Route("GET", "/lock", "/lock", EVERYONE, 303),
    Route("POST", "/lock/open", "/lock/open", EVERYONE, 303, {"secret": "2580"}),
    Route("POST", "/lock", "/lock", STAFF, 303, audited=True),
    Route("GET", "/lock/state", "/lock/state", STAFF),
    Route("GET", "/kept", "/kept", STAFF, 303),
    Route(
        "POST", "/kept/<int:form_id>/send", "/kept/1/send", STAFF, 307, {"lines": "Walks alone"},
        but=NOT_THEIRS,
    ),
    Route("POST", "/kept/<int:form_id>/drop", "/kept/1/drop", STAFF, 303, but=NOT_THEIRS),
    # The test staff have no password: the page says that it does not fit.
    Route("POST", "/me/pin", "/me/pin", STAFF, 422, {"pin_password": "x", "pin": "2580"}, audited=True),
    Route("GET", "/settings/access", "/settings/access", ADMINISTRATOR),
    Route(
        "POST", "/settings/access", "/settings/access", ADMINISTRATOR, 303,
        {"lock_minutes": "10", "emergency_minutes": "30", "seen": "0"}, audited=True,
    ),
)  # fmt: skip
