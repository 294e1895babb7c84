"""What rendering refuses, in words that staff read on the message's page."""

from scheduler.errors import RuleError


class RenderError(RuleError):
    """These facts give no message that may leave the building; the sentence says what to change."""

    title = "That can't be sent"
