"""How sure a share is: the score interval of Wilson.

It stays within 0 and 100 % and holds its promise in small samples and for shares near the ends, where the
textbook interval gives nonsense. (E. B. Wilson, Journal of the American Statistical Association 22, 1927,
209-212; compared with others by R. G. Newcombe, Statistics in Medicine 17, 1998, 857-872, his method 3.)
"""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution: an interval of 95 %."""


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of `count` out of `of` (at least 1), as two shares from 0 to 1."""
    share = count / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    # The ends are exact where nobody or everybody counts; rounding errors must not say otherwise.
    return (0.0 if count == 0 else middle - half), (1.0 if count == of else middle + half)


@dataclass(frozen=True)
class Line:
    """One line of a table: `count` of `of`, both None where they are not shown.

    `serious` is a second count of the same `of`, for adverse events.
    """

    label: str
    of: int | None
    count: int | None
    serious: int | None = None

    @property
    def percent(self) -> float | None:
        """The share in per cent; None where it is not shown or where there is nothing to share."""
        return None if self.count is None or not self.of else 100 * self.count / self.of

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Its 95 % interval in per cent."""
        if self.count is None or not self.of:
            return None
        low, high = wilson(self.count, self.of)
        return 100 * low, 100 * high
