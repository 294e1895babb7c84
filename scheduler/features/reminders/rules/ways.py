"""By which channels the clinic's rules remind of a visit: a way that no rule uses reminds nobody."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import Channel, ReminderRule

EVERY = frozenset(Channel)


@dataclass(frozen=True)
class RuleChannels:
    """The channels of the active rules by protocol; under None for all that have no rules of their own."""

    by_protocol: Mapping[int | None, frozenset[Channel]]

    def of(self, protocol_id: int) -> frozenset[Channel]:
        """Those that remind of a protocol's visits.

        All of them where no rule is active: whoever switched reminders off did not ask for calls instead.
        """
        return self.by_protocol.get(protocol_id, self.by_protocol.get(None, EVERY)) or EVERY


def rule_channels(session: Session) -> RuleChannels:
    """Read them; a protocol whose own rules are all off follows none of the others."""
    found: dict[int | None, set[Channel]] = defaultdict(set)
    for rule in session.scalars(select(ReminderRule).order_by(ReminderRule.id)):
        found[rule.protocol_id] |= {rule.channel} if rule.active else set()
    return RuleChannels({protocol: frozenset(channels) for protocol, channels in found.items()})
