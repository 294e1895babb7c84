"""By which ways a reminder may go: those of all messages, less the mail of whoever wants none by it."""

from dataclasses import replace

from scheduler.features.outbox.contact.queries import Choices, Way

UNWANTED = "The patient wants no reminders by e-mail."


def reminder_ways(ways: tuple[Way, Way], chosen: Choices) -> tuple[Way, Way]:
    """E-mail and texts as they are open to a reminder; `ways` and `chosen` are of the same patient."""
    mail, texts = ways
    if mail.is_open and not chosen.reminders:
        mail = replace(mail, closed=UNWANTED)
    return mail, texts
