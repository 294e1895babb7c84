"""Small cells: no figure may tell of a group of fewer than five people, neither itself nor by subtraction.

A share tells two groups: those who count, and by subtraction from n those who don't. So it is shown only
where each of the two is empty or has five people at least; people, not courses or infusions, for one patient
with six infusions is still one patient. A list whose parts add up to a total (doses, numbers of infusions)
has no hidden lines, which could be found by subtracting the others: neighbours are put together until each
line is large enough, and where that does not help, the whole list is left out.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

LEAST = 5
"""The fewest people a shown group has; a usual mark of health statistics for use inside a house."""
Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]


def is_safe(people: Whole, *groups: Mask) -> bool:
    """Whether each group is empty or large enough: a mask over `people`, a patient's number for each row."""
    sizes = (len(np.unique(people[group])) for group in groups)
    return all(size == 0 or size >= LEAST for size in sizes)


def put_together(groups: Sequence[Mask], is_safe_alone: Callable[[Mask], bool]) -> list[tuple[int, int]]:
    """Join neighbours among `groups` until each is safe: the first and last index of each that remains.

    Empty groups at either end stand alone or are joined as they come. No group remains where nothing helps.
    """
    found: list[tuple[int, int]] = []
    begun: int | None = None
    for at in range(len(groups)):
        first = at if begun is None else begun
        begun = None if is_safe_alone(joined(groups, first, at)) else first
        if begun is None:
            found.append((first, at))
    while begun is not None:
        if not found:
            return []
        first, _ = found.pop()
        if is_safe_alone(joined(groups, first, len(groups) - 1)):
            return [*found, (first, len(groups) - 1)]
    return found


def joined(groups: Sequence[Mask], first: int, last: int) -> Mask:
    """The rows of all groups from `first` to `last`, both included."""
    return np.logical_or.reduce(groups[first : last + 1])
