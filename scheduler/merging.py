"""Two people chart one visit: what each wrote is kept, and nothing is overwritten unseen.

Whoever saves says which version of the group they saw. Field by field three texts are compared: what they
saw, what they wrote, what stands now. Only where both sides changed the same field to different things is
there anything to ask, and then both are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Merged:
    """Which fields are to be written, and which were changed by somebody else to something different."""

    write: frozenset[str]
    clash: frozenset[str]


def merge(seen: Mapping[str, str], wrote: Mapping[str, str], stands: Mapping[str, str]) -> Merged:
    """Compare texts field by field. A field that `wrote` does not hold was not on the form and stays."""
    write: set[str] = set()
    clash: set[str] = set()
    for name, mine in wrote.items():
        before, theirs = seen.get(name, ""), stands.get(name, "")
        if mine in (before, theirs):
            continue
        (write if theirs == before else clash).add(name)
    return Merged(frozenset(write), frozenset(clash))
