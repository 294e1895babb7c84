"""The rows of consents in the table of routes (`tests.web.routes`).

Text 1 is signed by patient 1, text 2 is asked of everybody, text 3 is a draft. Every visitor's browser holds
the secret of patient 1's telephone, too; the link to documents is patient 2's.
"""

from tests.web.filled import PAPERS_TOKEN
from tests.web.route import ADMINISTRATOR, CHARTING, DESK, EVERYONE, Route

TEXT, FORM = "/settings/consents/texts/<int:version_id>", "/settings/consents/<int:form_id>"
ONE, DRAFT = "/settings/consents/texts/1", "/settings/consents/texts/3"
PATIENT, OWN = "/patients/<int:patient_id>/consents", "/my/documents/<int:version_id>"
SIGNED = "/my/documents/signed/<int:signature_id>"
TABLET = "/tablet/documents/<int:version_id>"
# An address that is none takes no text of several lines.
WORDS = {"title_en": "Visitors", "text_en": "Visitors may wait here.", "title_es": "", "text_es": ""}
NAMED = {"name": "Visitors", "protocols": "1", "sites": "1"}
BORN = {"day": "14", "month": "3", "year": "1986"}
NAME = {"name": "Marta", "language": "en"}

CONSENT_ROUTES = (
    Route("GET", "/settings/consents", "/settings/consents", ADMINISTRATOR),
    Route("GET", "/settings/consents/new", "/settings/consents/new", ADMINISTRATOR),
    Route(
        "POST", "/settings/consents/new", "/settings/consents/new", ADMINISTRATOR, 303, {**NAMED, **WORDS},
        audited=True,
    ),
    Route("GET", TEXT, ONE, ADMINISTRATOR),
    Route("GET", f"{TEXT}/edit", f"{DRAFT}/edit", ADMINISTRATOR),
    Route("POST", f"{TEXT}/edit", f"{DRAFT}/edit", ADMINISTRATOR, 303, {**WORDS, "seen": "1"}, audited=True),
    Route("GET", f"{TEXT}/preview", f"{ONE}/preview", ADMINISTRATOR),
    Route("POST", f"{TEXT}/publish", f"{DRAFT}/publish", ADMINISTRATOR, 303, {"seen": "1"}, audited=True),
    Route("POST", f"{TEXT}/throw-away", f"{DRAFT}/throw-away", ADMINISTRATOR, 303, audited=True),
    Route("GET", f"{FORM}/place", "/settings/consents/1/place", ADMINISTRATOR),
    Route("POST", f"{FORM}/place", "/settings/consents/1/place", ADMINISTRATOR, 303, NAMED, audited=True),
    Route("POST", f"{FORM}/next", "/settings/consents/1/next", ADMINISTRATOR, 303, audited=True),
    Route("POST", f"{FORM}/retire", "/settings/consents/1/retire", ADMINISTRATOR, 303, audited=True),
    Route("GET", PATIENT, "/patients/1/consents", DESK, about=True),
    Route("POST", f"{PATIENT}/send", "/patients/1/consents/send", DESK, 303, audited=True),
    Route("POST", f"{PATIENT}/tablet", "/patients/1/consents/tablet", DESK, 303, audited=True),
    Route("GET", f"{PATIENT}/<int:signature_id>", "/patients/1/consents/1", CHARTING, about=True),
    Route("GET", f"{PATIENT}/<int:signature_id>.pdf", "/patients/1/consents/1.pdf", CHARTING, about=True),
    Route(
        "GET", f"{PATIENT}/<int:signature_id>/withdraw", "/patients/1/consents/1/withdraw", DESK, about=True,
    ),
    Route(
        "POST", f"{PATIENT}/<int:signature_id>/withdraw", "/patients/1/consents/1/withdraw", DESK, 303,
        {"reason": "Called on Monday"}, audited=True,
    ),
    Route("GET", "/d/<token>", f"/d/{PAPERS_TOKEN}", EVERYONE),
    Route("POST", "/d/<token>", f"/d/{PAPERS_TOKEN}", EVERYONE, 303, BORN, audited=True),
    Route("GET", "/my/documents", "/my/documents", EVERYONE),
    Route("GET", OWN, "/my/documents/2", EVERYONE),
    Route("POST", OWN, "/my/documents/2", EVERYONE, 303, NAME, audited=True),
    Route("GET", SIGNED, "/my/documents/signed/1", EVERYONE),
    Route("GET", f"{SIGNED}.pdf", "/my/documents/signed/1.pdf", EVERYONE),
    Route("GET", f"{SIGNED}/withdraw", "/my/documents/signed/1/withdraw", EVERYONE),
    Route(
        "POST", f"{SIGNED}/withdraw", "/my/documents/signed/1/withdraw", EVERYONE, 303,
        {"reason": ""}, audited=True,
    ),
    # A browser that is no tablet finds nothing there.
    Route("GET", "/tablet/documents", "/tablet/documents", EVERYONE, 404),
    Route("GET", TABLET, "/tablet/documents/2", EVERYONE, 404),
    Route("POST", TABLET, "/tablet/documents/2", EVERYONE, 404, NAME),
)  # fmt: skip
