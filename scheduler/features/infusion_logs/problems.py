"""Why something was not saved, field by field: refused, asked about, or changed by somebody meanwhile."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What kind of answer a problem needs."""

    REFUSED = "refused"
    ASK = "ask"
    CLASH = "clash"


@dataclass(frozen=True)
class Problem:
    """One field that was not saved. `typed` is what somebody wrote, `theirs` what stands there in a clash."""

    field: str
    trouble: Trouble
    sentence: str
    typed: str = ""
    theirs: str = ""

    @property
    def answer(self) -> str:
        """What a "yes, it is right" sends: it holds for this very value and for no other."""
        return f"{self.field}={self.typed}"
