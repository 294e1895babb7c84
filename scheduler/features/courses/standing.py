"""Which visits of a course stand, which numbers are open, and when it is over: pure, from its rows.

An infusion that was stopped early and does not count keeps its number, and the course gets one more at its
end: the visits between stay as they are, and numbers stay unique among those that stand.
"""

from collections.abc import Sequence

from scheduler.models import Infusion, InfusionStatus

FREED = frozenset({InfusionStatus.MISSED, InfusionStatus.CANCELLED})


def standing(infusions: Sequence[Infusion]) -> list[Infusion]:
    """The visits that are neither missed nor cancelled, by number."""
    return sorted((row for row in infusions if row.status not in FREED), key=lambda row: row.number)


def numbers_wanted(infusions: Sequence[Infusion], planned: int) -> range:
    """The numbers the course needs: `planned` by its protocol, and one more for each that does not count."""
    return range(1, planned + 1 + sum(row.counts is False for row in infusions))


def open_numbers(infusions: Sequence[Infusion], planned: int) -> list[int]:
    """The numbers without a visit that stands."""
    taken = {row.number for row in standing(infusions)}
    return [number for number in numbers_wanted(infusions, planned) if number not in taken]


def is_finished(infusions: Sequence[Infusion], planned: int) -> bool:
    """Whether every number is completed and nothing waits for a clinician's word."""
    rows = standing(infusions)
    over = all(row.status is InfusionStatus.COMPLETED for row in rows)
    unsaid = any(row.stopped_early and row.counts is None for row in rows)
    return over and not unsaid and not open_numbers(infusions, planned)
