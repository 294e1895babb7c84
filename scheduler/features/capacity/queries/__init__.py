"""Reading what the clinic can offer, in an explicit order."""

from scheduler.features.capacity.queries.closed import closed_days, closures, holiday_name_by_day, openings
from scheduler.features.capacity.queries.consulting import Talk, consulting, talks
from scheduler.features.capacity.queries.duty import DutyStretch, duty_stretches
from scheduler.features.capacity.queries.protocols import (
    current_protocols,
    offering,
    protocol_version,
    protocols_with_versions,
)
from scheduler.features.capacity.queries.sites import site, sites

__all__ = [
    "DutyStretch",
    "Talk",
    "closed_days",
    "closures",
    "consulting",
    "current_protocols",
    "duty_stretches",
    "holiday_name_by_day",
    "offering",
    "openings",
    "protocol_version",
    "protocols_with_versions",
    "site",
    "sites",
    "talks",
]
