"""The words of the morning digest: how many and where to look, never who. It is read on phones in trams."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """So many of something (`one` and `many` are its words), and the path of the page that shows them."""

    number: int
    one: str
    many: str
    path: str


def digest_words(greeting_day: str, counts: Sequence[Count], base_url: str) -> tuple[str, str]:
    """Subject and text for one day, such as `Tuesday 3 November`; what there is none of is left out."""
    found = [each for each in counts if each.number]
    lines = [f"{each.number} {each.one if each.number == 1 else each.many}" for each in found]
    rows = [f"{line}: {base_url}{each.path}" for line, each in zip(lines, found, strict=True)]
    body = "\n\n".join(["Good morning. This is how today begins.", "\n".join(rows) or "Nothing waits."])
    end = f"You get this because you asked for it. To stop it: {base_url}/me"
    return f"Your morning, {greeting_day}", f"{body}\n\n{end}"
