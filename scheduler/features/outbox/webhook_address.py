"""The address of a receiver as it is typed. Where it leads is judged by the worker, with each try."""

import re
from urllib.parse import urlsplit

from scheduler.errors import RuleError

LONGEST = 500
SEEN = re.compile(r"[!-~]+")
EXAMPLE = "Write the whole address, such as https://ehr.example.org/sixfold."


def checked_address(text: str, *, private: bool) -> str:
    """The address without blanks around it; RuleError (with `field`) where it can't be one.

    `private` allows http, for a receiver in the clinic's own network.
    """
    url = text.strip()
    if not url:
        raise RuleError(EXAMPLE, field="url")
    if len(url) > LONGEST:
        raise RuleError(f"The address is too long. {LONGEST} characters fit.", field="url")
    if not SEEN.fullmatch(url):
        raise RuleError(f"The address holds a blank or another letter that none has. {EXAMPLE}", field="url")
    try:
        parts = urlsplit(url)
        name, _port = parts.hostname, parts.port
    except ValueError as error:
        raise RuleError(EXAMPLE, field="url") from error
    if parts.scheme not in ({"https", "http"} if private else {"https"}):
        raise RuleError("The address must begin with https://.", field="url")
    if not name or len(name) > 253:
        raise RuleError(EXAMPLE, field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise RuleError("Leave out names, passwords and what follows a #.", field="url")
    return url
