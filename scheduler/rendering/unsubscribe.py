"""The two headers by which a mail program offers a button to get no more of such mails (RFC 2369, RFC 8058).

The library folds a long word by writing it as an encoded word, which no program reads as an address. So the
header with the address writes itself in one line, however long the clinic's host name is.
"""

from email.message import EmailMessage
from email.policy import EmailPolicy

from scheduler.rendering.plain import one_line

ONE_CLICK = "List-Unsubscribe=One-Click"


class _WholeLine(str):
    """A header that is never folded; the library asks `name` and `fold` of it."""

    name = "List-Unsubscribe"

    def fold(self, *, policy: EmailPolicy) -> str:
        """The header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"


def add_way_out(message: EmailMessage, address: str) -> None:
    """Name the address; that pressing the button is enough, only where it is https, as the standard asks."""
    whole = one_line(address, "The address to get no more reminders")
    message[_WholeLine.name] = _WholeLine(f"<{whole}>")
    if whole.startswith("https://"):
        message["List-Unsubscribe-Post"] = ONE_CLICK
