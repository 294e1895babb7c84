"""What only the API can say to a program."""

from scheduler.errors import SixfoldError


class UnauthorizedError(SixfoldError):
    """No token, or one that opens nothing (any more)."""

    status = 401
    title = "A token is needed"


class NotJsonError(SixfoldError):
    """The body is of another kind."""

    status = 415
    title = "That kind of body is not read here"


class MatchNeededError(SixfoldError):
    """An edit that does not say which version it is of."""

    status = 428
    title = "Say which version you change"


class ChangedError(SixfoldError):
    """An edit of a version that is no longer the newest."""

    status = 412
    title = "It was changed meanwhile"
