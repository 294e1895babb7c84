"""Errors of the clinic's own rules. Each carries one sentence that says what to do.

`web/` turns them into pages and fragments; `cli/` into one line and an exit status.
Nothing here knows of HTTP but the number that fits best.
"""

from collections.abc import Mapping
from typing import Any


class SixfoldError(Exception):
    """Base of all errors that a person is meant to read.

    `sentence` is complete and calm; `status` is the nearest HTTP status code;
    `extra` holds facts for the page that shows it.
    """

    status = 400
    title = "That did not work"

    def __init__(self, sentence: str, **extra: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.extra: Mapping[str, Any] = extra


class NotFoundError(SixfoldError):
    """The record does not exist, or not for this person."""

    status = 404
    title = "There is nothing here"


class ForbiddenError(SixfoldError):
    """The role does not allow it."""

    status = 403
    title = "This is not open to your role"


class ConflictError(SixfoldError):
    """Somebody else was first: a chair is gone, a row was changed, a key was used for something else."""

    status = 409
    title = "Somebody was faster"


class RuleError(SixfoldError):
    """The input breaks a rule of the clinic."""

    status = 422
    title = "That breaks a rule"


class BusyError(SixfoldError):
    """The database can't take the change just now (locked, read-only, full, unreachable)."""

    status = 503
    title = "The database can't take this now"


class ConfigError(SixfoldError):
    """A setting from the environment is wrong; the sentence names it."""

    status = 500
    title = "A setting is wrong"
