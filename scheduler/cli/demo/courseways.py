"""How anxiety goes over a course of infusions: the values alone, to the targets of CLINICAL.md, section 4.

Of completed six-infusion courses 54–71 % respond (a fall of at least half from the first rating before an
infusion to the last), about 29 % remit (end at 2 or less), 8 % get worse (a rise of at least 2, the product's
meaningful change); responders need 3 infusions in the median, some only respond to the fifth. A part of the
others has an early fall that does not last, as on a placebo. The shares are dealt out, not drawn, so
that a small clinic meets them too.
"""

from enum import StrEnum
from random import Random


class Way(StrEnum):
    """What becomes of one course."""

    REMITS = "remits"
    RESPONDS = "responds"
    PARTLY = "partly"
    PLACEBO = "placebo"
    WORSE = "worse"


SHARES = {Way.REMITS: 0.29, Way.RESPONDS: 0.335, Way.WORSE: 0.08, Way.PLACEBO: 0.175, Way.PARTLY: 0.12}
INFUSIONS_TO_RESPONSE = (1, 2, 2, 2, 3, 3, 3, 4, 4, 5)
TOP = 10
BASELINE = {
    Way.REMITS: (6, 9),
    Way.RESPONDS: (6, 10),
    Way.PARTLY: (5, 9),
    Way.PLACEBO: (5, 9),
    Way.WORSE: (4, 7),
}


def deal_ways(chance: Random, count: int) -> list[Way]:
    """A way for each of `count` courses, the shares met as nearly as whole courses can, in random order."""
    ways = [way for way, share in SHARES.items() for _ in range(round(share * count))]
    ways = [*ways, Way.PARTLY, Way.RESPONDS, Way.PLACEBO][:count]
    chance.shuffle(ways)
    return ways


def deal_responses(chance: Random, count: int) -> list[int]:
    """After how many infusions each of `count` responders responds; the median is 3."""
    found = [INFUSIONS_TO_RESPONSE[n * len(INFUSIONS_TO_RESPONSE) // max(count, 1)] for n in range(count)]
    chance.shuffle(found)
    return found


def before_each(chance: Random, way: Way, response: int) -> list[int]:
    """The six ratings before the infusions; `response` counts for the two ways that respond."""
    base = chance.randint(*BASELINE[way])
    if way in (Way.REMITS, Way.RESPONDS):
        return _falling(chance, base, way, response)
    if way is Way.WORSE:
        return _between(chance, base, min(TOP, base + chance.randint(2, 3)), 6, base - 1, TOP)
    above = base // 2 + 1  # the lowest rating that is no response
    if way is Way.PLACEBO:
        early = max(above, round(base * 0.6))
        last = chance.randint(max(above, base - 1), base)
        return [base, early, *_between(chance, early, last, 4, above, base)]
    return _between(chance, base, max(above, round(base * chance.uniform(0.6, 0.8))), 6, above, base)


def two_hours_after(chance: Random, way: Way, before: int) -> int:
    """The rating two hours after: relief within hours in most, also where it does not last."""
    if way is Way.WORSE:
        return min(TOP, max(0, before + chance.choice((-1, 0, 0, 1))))
    most = 2 if way in (Way.PLACEBO, Way.PARTLY) else 4
    return max(0, before - chance.randint(0 if most == 2 else 1, most))


def _falling(chance: Random, base: int, way: Way, response: int) -> list[int]:
    """Above half of the baseline until the response, from then on at half or below."""
    half = base // 2
    last = chance.randint(0, 2) if way is Way.REMITS else chance.randint(3, half)
    until = [base] if response == 1 else _between(chance, base, half + 1, response, half + 1, base)
    then = _between(chance, half, last, 6 - response, min(last, half), half)
    return [*until, *then]


def _between(chance: Random, first: int, last: int, count: int, low: int, high: int) -> list[int]:
    """`count` values from `first` to `last` in a line, the inner ones a point off at times, within bounds."""
    if count == 1:
        return [last]
    steps = [first + (last - first) * n / (count - 1) for n in range(count)]
    inner = [
        min(high, max(low, round(step + chance.choice((-1, -1, 0, 0, 0, 1, 1))))) for step in steps[1:-1]
    ]
    return [first, *inner, last]
