"""Where somebody may be sent after signing in: a path of our own, and nothing else.

A browser reads `//host` and `/\\host` as another server, and drops tabs and line ends before it
looks, so all of these are refused rather than repaired.
"""

from urllib.parse import urlsplit

LONGEST = 2000


def local_path(text: str | None) -> str | None:
    """`text` where it is a path of this application (with its query), else None."""
    if not text or len(text) > LONGEST or not text.startswith("/") or text.startswith("//"):
        return None
    if "\\" in text or any(ord(letter) <= 32 or ord(letter) == 127 for letter in text):
        return None
    if not text.isprintable():
        return None
    return text


def path_of(address: str | None, origins: set[str]) -> str | None:
    """The path of a whole address that begins with one of `origins`, such as a Referer; else None."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if f"{parts.scheme}://{parts.netloc}" not in origins:
        return None
    return local_path(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")
