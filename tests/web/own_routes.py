"""The rows of the clinic's own instruments in the table of routes: 1 is a draft, 2 is published."""

from tests.support.own_instrument import SLEEP
from tests.web.route import ADMINISTRATOR, Route

OWN = "/settings/instruments/own/<int:own_id>"
ONE, TWO = "/settings/instruments/own/1", "/settings/instruments/own/2"
# An address that is none takes no text of several lines: here it is one question, on a scale.
FORM = {
    **SLEEP, "form": "numbers", "items_en": "How well did you sleep?", "answers_en": "", "reversed": "",
    "bands": "", "lowest_en": "Not at all", "highest_en": "As well as can be",
}  # fmt: skip
ANSWERS = {f"own_sleep_of_the_last_week-{at}": "1" for at in range(3)}

OWN_ROUTES = (
    Route("GET", "/settings/instruments/new", "/settings/instruments/new", ADMINISTRATOR),
    Route(
        "POST",
        "/settings/instruments/new",
        "/settings/instruments/new",
        ADMINISTRATOR,
        303,
        FORM,
        audited=True,
    ),
    Route("GET", OWN, ONE, ADMINISTRATOR),
    Route("GET", f"{OWN}/edit", f"{ONE}/edit", ADMINISTRATOR),
    Route("POST", f"{OWN}/edit", f"{ONE}/edit", ADMINISTRATOR, 303, {**FORM, "seen": "1"}, audited=True),
    Route("GET", f"{OWN}/preview", f"{ONE}/preview", ADMINISTRATOR),
    Route("POST", f"{OWN}/preview", f"{ONE}/preview", ADMINISTRATOR, 200, ANSWERS),
    Route("POST", f"{OWN}/publish", f"{ONE}/publish", ADMINISTRATOR, 303, {"seen": "1"}, audited=True),
    Route("POST", f"{OWN}/next", f"{TWO}/next", ADMINISTRATOR, 303, audited=True),
    Route("POST", f"{OWN}/retire", f"{TWO}/retire", ADMINISTRATOR, 303, audited=True),
    Route("POST", f"{OWN}/throw-away", f"{ONE}/throw-away", ADMINISTRATOR, 303, audited=True),
)
