"""Long lists in parts that any database takes in one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
SIZE = 500


def chunks(items: Sequence[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """The items, `size` at a time."""
    for first in range(0, len(items), size):
        yield items[first : first + size]
