"""What a clinic decided about charting at one site and for one protocol, and the usual where it did not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from scheduler.features.infusion_logs.domain.pressure import PressureLimits

USUAL_ITEMS = ("Awake and oriented", "Vitals near their baseline", "Walks without help")


@dataclass(frozen=True)
class Rules:
    """Limits in mmHg, minutes between rows of vitals. The defaults are those of CLINICAL.md, section 2."""

    start_sbp: int = 160
    start_dbp: int = 100
    act_sbp: int = 180
    act_dbp: int = 110
    during_minutes: int = 10
    after_minutes: int = 15

    @property
    def pressure(self) -> PressureLimits:
        """The limits of blood pressure."""
        return PressureLimits(self.start_sbp, self.start_dbp, self.act_sbp, self.act_dbp)


def as_kept(rules: Rules) -> dict[str, int]:
    """The rules as a log keeps them."""
    return asdict(rules)


def from_kept(kept: Mapping[str, int]) -> Rules:
    """The rules that a log keeps."""
    return Rules(**kept)
