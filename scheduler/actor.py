"""Who does it: passed to every action as an argument, like the time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A member of staff at an address, or the program itself (`user_id` None).

    `label` is how the audit trail names them even after they have left.
    """

    user_id: int | None
    label: str
    address: str = ""


WORKER = Actor(None, "worker")
COMMAND = Actor(None, "command line")
