"""Where words fit: nothing is written over something else; what finds no place stands in the table alone."""

from collections.abc import Sequence

PER_SIGN = 0.52
"""The usual width of a sign against the size of its letters, in the faces the pages and the paper use."""


def width_of(words: str, size: float) -> float:
    """About how wide the words are."""
    return len(words) * size * PER_SIGN


def spread(wished: Sequence[float], apart: float, most: float) -> list[float]:
    """Places in the order of the wishes, at least `apart` from each other and none beyond `most`.

    The wishes rise. Each place is as near to its wish as its neighbours allow.
    """
    places: list[float] = []
    for wish in wished:
        places.append(max(wish, places[-1] + apart) if places else wish)
    limit = most
    for at in range(len(places) - 1, -1, -1):
        places[at] = round(min(places[at], limit), 1)
        limit = places[at] - apart
    return places


def lanes(spans: Sequence[tuple[float, float]], most: int, gap: float = 6) -> list[int | None]:
    """For each span from left to right the first lane in which it is free, None where no lane is."""
    ends: list[float] = []
    found: list[int | None] = []
    for left, right in spans:
        lane = next((at for at, end in enumerate(ends) if end + gap <= left), None)
        if lane is None and len(ends) < most:
            ends.append(right)
            found.append(len(ends) - 1)
            continue
        if lane is not None:
            ends[lane] = right
        found.append(lane)
    return found


def fitting(
    places: Sequence[float],
    widths: Sequence[float],
    gap: float = 4,
    taken: Sequence[tuple[float, float]] = (),
) -> list[bool]:
    """Which words, centred at rising places, can be written without touching each other or what is `taken`.

    The last one comes first, because it is what a reader looks for.
    """
    shown = [False] * len(places)
    written = list(taken)
    for at in sorted(range(len(places)), key=lambda at: (at != len(places) - 1, at)):
        left, right = places[at] - widths[at] / 2, places[at] + widths[at] / 2
        if all(right + gap <= begin or end + gap <= left for begin, end in written):
            written.append((left, right))
            shown[at] = True
    return shown
