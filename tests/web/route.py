"""One row of the table of routes, and who the visitors are."""

from dataclasses import dataclass, field
from typing import Any

VISITORS = ("anonymous", "front_desk", "nurse", "clinician", "administrator")
DESK = frozenset({"front_desk", "nurse", "clinician"})
CHARTING = frozenset({"nurse", "clinician"})
CLINICIAN = frozenset({"clinician"})
ADMIN = frozenset({"administrator"})
ADMINISTRATOR = frozenset({"administrator"})
STAFF = DESK | ADMIN
EVERYONE = STAFF | {"anonymous"}


@dataclass(frozen=True)
class Route:
    """One row. `path` has real numbers, `status` is what those in `opens` get for `form` or a plain look.

    Others get 403 and a visitor is sent to the sign-in page, unless `but` says otherwise. `about` says that a
    patient's data are shown, so that looking leaves an audit row; `audited` that a change does.
    """

    method: str
    rule: str
    path: str
    opens: frozenset[str]
    status: int = 200
    form: dict[str, Any] = field(default_factory=dict)
    about: bool = False
    audited: bool = False
    but: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        """The name of the test."""
        return f"{self.method} {self.rule}"

    def expected(self, visitor: str) -> int:
        """What this visitor gets."""
        if visitor in self.but:
            return self.but[visitor]
        if visitor in self.opens:
            return self.status
        return 303 if visitor == "anonymous" else 403
