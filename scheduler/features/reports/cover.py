"""What a report covers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.models import Site


@dataclass(frozen=True)
class Cover:
    """The dates, both included, and the sites of a report; `site_id` is None for all of them.

    `typed` is what stands in the form, `errors` a sentence for each field that can't be read; the report then
    covers the dates that are shown by default. `now` is when it is counted.
    """

    first: date
    last: date
    sites: tuple[Site, ...]
    site_id: int | None
    typed: dict[str, str]
    errors: dict[str, str]
    now: datetime

    @property
    def days(self) -> int:
        """How many days the report covers."""
        return (self.last - self.first).days + 1

    @property
    def address(self) -> dict[str, Any]:
        """What leads to the same report again, for links."""
        return {"site": str(self.site_id or ""), "from": f"{self.first}", "until": f"{self.last}"}
