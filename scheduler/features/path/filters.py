"""Which requests a list shows, and in which words its address says so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scheduler.features.intake.found import LONGEST
from scheduler.models import RequestStatus

S = RequestStatus
WAITING, LATE, THROUGH, OVER = "", "late", "course", "over"
GROUPS: Mapping[str, str] = {
    WAITING: "All that wait",
    S.NEW.value: "New",
    LATE: "Late",
    S.CONTACTED.value: "Contacted",
    S.BOOKED.value: "Booked",
    S.SEEN.value: "Seen",
    S.SUITABLE.value: "Suitable",
    THROUGH: "Course booked",
    OVER: "Ended",
}
"""The tabs of the list by their name in its address."""
MINE, NOBODY = "me", "nobody"
MOST_PAGES = 100_000


@dataclass(frozen=True)
class Filters:
    """What narrows the list: a tab, a site, whose, the words of a search; and the page of it.

    `owner` is "me", "nobody", the number of somebody on the staff, or empty.
    """

    group: str = WAITING
    site_id: int | None = None
    owner: str = ""
    text: str = ""
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        """Whether more than the tab was chosen."""
        return bool(self.site_id or self.owner or self.text)

    def address(self, **other: Any) -> dict[str, Any]:
        """What leads to the same list again, with `other` instead, for `url_for`."""
        own = {"group": self.group, "site": self.site_id, "owner": self.owner, "q": self.text}
        return {name: value or None for name, value in {**own, **other}.items()}

    def among(self, owners: Mapping[int, str], user_id: int) -> "Filters":
        """The same with an owner who can be chosen: oneself is "me", whoever has nothing is left out."""
        number = int(self.owner) if self.owner.isdigit() else None
        if number is None or number in owners:
            return self
        return replace(self, owner=MINE if number == user_id else "")


def read_filters(values: Mapping[str, str]) -> Filters:
    """Read them from an address; what is no choice is left out."""
    group, site, owner = values.get("group", ""), values.get("site", ""), values.get("owner", "")
    return Filters(
        group=group if group in GROUPS else WAITING,
        site_id=_number(site, 2**31 - 1),
        owner=owner if owner in (MINE, NOBODY) else str(_number(owner, 2**31 - 1) or ""),
        text=" ".join(values.get("q", "").split())[:LONGEST],
        page=_number(values.get("page", ""), MOST_PAGES) or 1,
    )


def _number(text: str, most: int) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
    return number if 0 < number <= most else None
