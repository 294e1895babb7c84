"""Blood pressure that stops the work until somebody says what was done (CLINICAL.md, section 2).

There are two holds, both with limits that a clinic sets: do not start above 160/100, act at 180/110. Neither
decides anything: it asks for a recorded action.
"""

from dataclasses import dataclass
from enum import StrEnum


class Hold(StrEnum):
    """Which of the two limits was met."""

    START = "start"
    ACT = "act"


@dataclass(frozen=True)
class PressureLimits:
    """Not to be started *above* the first pair, to be acted on *at* the second, in mmHg."""

    start_sbp: int = 160
    start_dbp: int = 100
    act_sbp: int = 180
    act_dbp: int = 110


def hold_of(sbp: int | None, dbp: int | None, limits: PressureLimits, *, before: bool) -> Hold | None:
    """The hold that a pressure sets; `before` says that the infusion had not begun. One value is enough."""
    high, low = sbp or 0, dbp or 0
    if high >= limits.act_sbp or low >= limits.act_dbp:
        return Hold.ACT
    if before and (high > limits.start_sbp or low > limits.start_dbp):
        return Hold.START
    return None
