"""What a signed record and the rows of today have to agree on, and where they do not. Pure.

Names change (people marry, chairs are renamed, two records of one patient are joined), and what a word list
calls a thing may change too: neither was signed as a fact of the chart, and both are left out. Everything
that the triggers keep is compared.
"""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

COMPARED = ("course", "visits", "ratings", "tasks", "medicines")
WHO = {"id", "name"}
WORDING = frozenset({"chair", "band", "total_most"})
WORDING_OF = {
    "checks": frozenset({"words"}),
    "ratings": frozenset({"name"}),
    "tasks": frozenset({"name", "unit"}),
}


def misfits(signed: Mapping[str, Any], live: Mapping[str, Any], parts: tuple[str, ...]) -> list[str]:
    """The paths at which rows differ from what was signed, such as `visits[2].log.vitals[0].sbp`."""
    return [path for part in parts for path in _differing(signed[part], live[part], part, part)]


def _differing(one: Any, other: Any, path: str, part: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() == other.keys() == WHO:
            one, other = one["id"], other["id"]
        else:
            for name in sorted((one.keys() | other.keys()) - WORDING - WORDING_OF.get(part, frozenset())):
                yield from _differing(one.get(name), other.get(name), f"{path}.{name}", name)
            return
    if isinstance(one, list) and isinstance(other, list):
        for at, (left, right) in enumerate(zip_longest(one, other)):
            yield from _differing(left, right, f"{path}[{at}]", part)
        return
    if one != other:
        yield path
