"""Relaxations that bend a protocol: a clinician may allow one, with a reason that stays with the course."""

from dataclasses import replace

from scheduler.errors import RuleError
from scheduler.features.capacity.ground import protocol_of
from scheduler.models import ProtocolVersion
from scheduler.planning import Protocol

BENDS = {  # name in the planner's files: field, change
    "gap_max+1": ("gap_max", 1),
    "gap_max+2": ("gap_max", 2),
    "gap_min-1": ("gap_min", -1),
    "span_max+7": ("span_max", 7),
    "span_min-3": ("span_min", -3),
}


def bent_protocol(version: ProtocolVersion, bend: str) -> Protocol:
    """The version's spacing rules with one of them bent; "" bends none. RuleError for an unknown name."""
    protocol = protocol_of(version)
    if not bend:
        return protocol
    if bend not in BENDS:
        raise RuleError("There is no such exception. Find dates again.")
    name, change = BENDS[bend]
    return replace(protocol, **{name: max(1, getattr(protocol, name) + change)})
