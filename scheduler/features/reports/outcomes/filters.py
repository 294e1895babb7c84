"""Which courses the outcomes cover: by site, day of the first infusion and protocol; and the instrument."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.features.reports.cover import Cover
from scheduler.features.reports.forms import read_cover
from scheduler.models import Site

WEEKS = 52


@dataclass(frozen=True)
class Filters:
    """`protocol_id` 0 stands for every protocol of more than one infusion; `code` "" for the instrument that
    each course's own protocol names as its primary one.
    """

    cover: Cover
    protocol_id: int
    code: str

    @property
    def address(self) -> dict[str, Any]:
        """What leads to the same figures again, for links."""
        return {**self.cover.address, "protocol": str(self.protocol_id or ""), "instrument": self.code}


def read_filters(
    values: Mapping[str, str],
    sites: Sequence[Site],
    protocols: Sequence[int],
    codes: Sequence[str],
    now: datetime,
) -> Filters:
    """Read the address. What is no protocol or instrument of the clinic chooses none. Raises NotFoundError
    where there is no site; by default a year is covered, for a course and what follows take a season."""
    protocol = values.get("protocol", "")
    chosen = next((number for number in protocols if str(number) == protocol), 0)
    code = values.get("instrument", "")
    return Filters(read_cover(values, sites, now, WEEKS), chosen, code if code in codes else "")
