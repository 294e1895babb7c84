"""What the outcomes can be filtered by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.capacity.queries import protocols_with_versions
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.ratings.own.known import known
from scheduler.features.reports.outcomes.filters import Filters, read_filters
from scheduler.models import Protocol, Site


@dataclass(frozen=True)
class Choices:
    """Sites and protocols, archived ones too; instruments as their name by code."""

    sites: Sequence[Site]
    protocols: Sequence[Protocol]
    instruments: Mapping[str, str]

    def read(self, values: Mapping[str, str], now: datetime) -> Filters:
        """What an address chooses among them. Raises NotFoundError where there is no site."""
        numbers = [each.id for each in self.protocols]
        return read_filters(values, self.sites, numbers, list(self.instruments), now)


def choices(session: Session) -> Choices:
    """All that there is to choose from."""
    everything = known(session)
    names = {code: everything[code, version].name for code, version in sorted(everything)}
    return Choices(all_sites(session, with_archived=True), protocols_with_versions(session), names)
