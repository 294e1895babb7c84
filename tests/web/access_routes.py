"""The rows of the lock, of what was typed into a locked page, and of the clinic's times of access."""

from tests.web.route import ADMINISTRATOR, CLINICIAN, EVERYONE, STAFF, Route

# Form 1 is the clinician's own: for everybody else it is not there.
NOT_THEIRS = {"front_desk": 404, "nurse": 404, "administrator": 404}

OPENERS = frozenset({"front_desk", "administrator"})

ACCESS_ROUTES = (
    # A chart in an emergency: chart 1 is open to the front desk and to nobody else.
    Route("GET", "/emergency", "/emergency", OPENERS),
    Route(
        "POST", "/emergency", "/emergency", OPENERS, 303,
        {"number": "RV-00001", "reason": "Collapsed at the door"},
    ),
    Route(
        "GET", "/emergency/<int:access_id>", "/emergency/1", OPENERS, about=True, but={"administrator": 404}
    ),
    Route("POST", "/emergency/end", "/emergency/end", OPENERS, 303),
    Route("GET", "/emergency/opened", "/emergency/opened", ADMINISTRATOR | CLINICIAN, about=True),
    Route(
        "POST", "/emergency/<int:access_id>/seen", "/emergency/1/seen", CLINICIAN, 303,
        {"note": "It was right"},
    ),
    # Nothing is locked: whoever is signed in goes on, everybody else signs in.
    Route("GET", "/lock", "/lock", EVERYONE, 303),
    Route("POST", "/lock/open", "/lock/open", EVERYONE, 303, {"secret": "2580"}),
    # The test's browser is no tablet.
    Route("GET", "/kiosk/back", "/kiosk/back", EVERYONE, 404),
    Route("POST", "/kiosk/back", "/kiosk/back", EVERYONE, 404),
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
