"""What the text gateway calls: a text came in, a text was delivered.

These calls carry their own proof, a signature with the account's token over the configured address and all
fields, so cookies and forms' tokens play no part. Without a gateway nobody can sign, and all are refused.
"""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.errors import ForbiddenError
from scheduler.features.reminders.texts.carrier import take_report
from scheduler.features.reminders.texts.forms import read_receipt, read_text
from scheduler.features.reminders.texts.signature import is_proven
from scheduler.features.reminders.texts.take import take_text
from scheduler.web import EVERYONE, access, attempt
from scheduler.web.csrf import csrf
from scheduler.web.inputs import any_text

blueprint = Blueprint("hooks", __name__)
csrf.exempt(blueprint)

GATEWAY = Actor(None, "text gateway")
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""Answers leave by the outbox, where they are kept, so the gateway is told to say nothing itself."""


@blueprint.post("/hooks/sms")
@access(EVERYONE)
@any_text
def inbound() -> ResponseReturnValue:
    """A text from a patient."""
    _prove()
    text = read_text(request.form)
    attempt(lambda session: take_text(session, clock.now(), text))
    return NOTHING_TO_SAY, 200, {"Content-Type": "text/xml; charset=utf-8"}


@blueprint.post("/hooks/sms/status")
@access(EVERYONE)
@any_text
def status() -> ResponseReturnValue:
    """What became of a text that left; `message` in the address is our own number of it."""
    _prove()
    receipt = read_receipt(request.form, request.args.get("message", ""))
    attempt(lambda session: take_report(session, GATEWAY, clock.now(), receipt))
    return "", 204


def _prove() -> None:
    config: Config = current_app.extensions["sixfold"]
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    url = f"{config.base_url}{request.path}{query}"
    given = request.headers.get("X-Twilio-Signature", "")
    if not config.sms_token or not is_proven(config.sms_token, url, request.form.items(multi=True), given):
        raise ForbiddenError("This address is for the clinic's text gateway, which signs what it sends.")
