"""Relaxations that bend a protocol: a clinician may allow one, with a reason that stays with the course."""

from dataclasses import replace

from scheduler.errors import RuleError
from scheduler.features.capacity.ground import protocol_of
from scheduler.models import ProtocolVersion
from scheduler.planning import Protocol

ANY_CHAIR = "any chair type"
SPACING = {  # name in the planner's files: field, change
    "gap_max+1": ("gap_max", 1),
    "gap_max+2": ("gap_max", 2),
    "gap_min-1": ("gap_min", -1),
    "span_max+7": ("span_max", 7),
    "span_min-3": ("span_min", -3),
}
BENDS = frozenset({*SPACING, ANY_CHAIR})


def bent_protocol(version: ProtocolVersion, bend: str) -> Protocol:
    """The version's spacing rules with one of them bent; "" bends none. RuleError for an unknown name."""
    protocol = protocol_of(version)
    if bend in ("", ANY_CHAIR):
        return protocol
    if bend not in SPACING:
        raise RuleError("There is no such exception. Find dates again.")
    name, change = SPACING[bend]
    return replace(protocol, **{name: max(1, getattr(protocol, name) + change)})


def bent_chair_type(version: ProtocolVersion, bend: str) -> str | None:
    """The kind of chair that the version asks for, or None where any will do."""
    return None if bend == ANY_CHAIR else version.chair_type
