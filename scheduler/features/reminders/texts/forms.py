"""What the gateway sends, as values: cleaned instead of refused, because nobody could send it again."""

import re
import unicodedata
from collections.abc import Mapping

from scheduler.errors import RuleError
from scheduler.features.outbox.actions.receipt import Receipt
from scheduler.features.reminders.texts.take import Text

LONGEST = 1600
"""A gateway joins the parts of a long text up to this."""
NUMBER = re.compile(r"[A-Za-z0-9]{1,64}")
SENDER = re.compile(r"\+?[A-Za-z0-9]{1,40}")


def read_text(form: Mapping[str, str]) -> Text:
    """A text that came in. Raises RuleError where it is not one."""
    number, sender = form.get("MessageSid", ""), form.get("From", "")
    if not NUMBER.fullmatch(number) or not SENDER.fullmatch(sender):
        raise RuleError("This is no text message: its number or its sender is missing.")
    return Text(number, sender, _clean(form.get("Body", "")), bool(form.get("OptOutType")))


def read_receipt(form: Mapping[str, str], message: str) -> Receipt:
    """A report on a text that left; `message` is our own number of it. Raises RuleError where it is none."""
    number, status = form.get("MessageSid", ""), form.get("MessageStatus", "").lower()
    if not NUMBER.fullmatch(number) or not NUMBER.fullmatch(status):
        raise RuleError("This is no receipt: its number or its status is missing.")
    error = form.get("ErrorCode", "")
    return Receipt(
        number,
        int(message) if message.isascii() and message.isdigit() and len(message) < 10 else None,
        status,
        error if error.isascii() and error.isdigit() and len(error) < 10 else "",
    )


def _clean(body: str) -> str:
    """One line without what can't be seen."""
    seen = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in body)
    return " ".join(seen.split())[:LONGEST]
