"""What of the board is asked for: day or week, which chairs, which visits stand out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.features.desk.facts import VisitFact
from scheduler.features.desk.forms import EARLIEST, LATEST, DayChoice, choose_day
from scheduler.features.desk.lanes import Block, Lane
from scheduler.models import Chair, InfusionStatus, ProtocolVersion, Site

STATES = {
    "scheduled": "Scheduled",
    "arrived": "Arrived",
    "in_progress": "In the chair",
    "completed": "Completed",
}
KINDS = {"chair": "All chairs", "bed": "All beds", "room": "All rooms"}
LONGEST = 60


@dataclass(frozen=True)
class BoardChoice:
    """One way to look at the board. `chair` is an id, `kind:bed`, or empty; `state` a status or empty;
    `protocol` an id or empty, and `versions` the ids of its versions.

    Chairs that are not asked for are left out. A visit that is not asked for stays where it is, drawn back,
    because its time is taken all the same.
    """

    view: str
    asked: DayChoice
    chair: str
    state: str
    q: str
    protocol: str = ""
    versions: frozenset[int] = frozenset()

    @property
    def day(self) -> date:
        """The day, or one of the week."""
        return self.asked.day

    @property
    def monday(self) -> date:
        """The first day of the week."""
        return self.day - timedelta(days=self.day.weekday())

    @property
    def before(self) -> date | None:
        """Where "previous" leads, or None at the end of the calendar."""
        return self._away(-1)

    @property
    def after(self) -> date | None:
        """Where "next" leads, or None at the end of the calendar."""
        return self._away(1)

    @property
    def narrows(self) -> bool:
        """Whether some visits are drawn back."""
        return bool(self.state or self.q or self.protocol)

    @property
    def query(self) -> dict[str, str]:
        """The filters as parts of an address, those that are set."""
        wanted = {"chair": self.chair, "state": self.state, "protocol": self.protocol, "q": self.q}
        return {name: value for name, value in wanted.items() if value}

    def has_chair(self, chair_id: int, kind: str) -> bool:
        """Whether a chair is among those asked for."""
        return self.chair in ("", str(chair_id), f"kind:{kind}")

    def has_visit(self, name: str, status: InfusionStatus, version_id: int) -> bool:
        """Whether a visit is among those asked for."""
        if self.protocol and version_id not in self.versions:
            return False
        words = name.casefold()
        return self.state in ("", status.value) and all(part in words for part in self.q.casefold().split())

    def _away(self, steps: int) -> date | None:
        try:
            found = self.day + timedelta(days=steps * (7 if self.view == "week" else 1))
        except OverflowError:
            return None
        return found if EARLIEST <= found <= LATEST else None


def read_choice(
    values: Mapping[str, str], site: Site, now: datetime, versions: Iterable[ProtocolVersion]
) -> BoardChoice:
    """The choice in an address; a chair, a state or a protocol that is none is as if it were not there."""
    chair, state = values.get("chair", ""), values.get("state", "")
    known = {value for value, _ in chair_options(site.chairs)}
    protocol = values.get("protocol", "")
    chosen = frozenset(version.id for version in versions if str(version.protocol_id) == protocol)
    return BoardChoice(
        view="week" if values.get("view") == "week" else "day",
        asked=choose_day(values, site, now),
        chair=chair if chair in known else "",
        state=state if state in STATES else "",
        q=" ".join(values.get("q", "").split())[:LONGEST],
        protocol=protocol if chosen else "",
        versions=chosen,
    )


def chair_options(chairs: Iterable[Chair]) -> list[tuple[str, str]]:
    """What the field for chairs offers: everything, each kind where there are several, each chair."""
    known = list(chairs)
    kinds = [kind for kind in KINDS if any(chair.chair_type == kind for chair in known)]
    by_kind = [(f"kind:{kind}", KINDS[kind]) for kind in kinds] if len(kinds) > 1 else []
    return [("", "All"), *by_kind, *((str(chair.id), chair.name) for chair in known)]


def protocol_options(versions: Iterable[ProtocolVersion]) -> list[tuple[str, str]]:
    """What the field for protocols offers: everything, each protocol, one that is no longer booked too."""
    known = {version.protocol_id: version.protocol.name for version in versions}
    return [("", "All"), *((str(key), name) for key, name in sorted(known.items(), key=lambda pair: pair[1]))]


def narrowed(
    lanes: Sequence[Lane], choice: BoardChoice, site: Site, visits: Sequence[VisitFact]
) -> list[Lane]:
    """The lanes of the chairs asked for, with the visits asked for marked where not all are."""
    kinds = {chair.id: chair.chair_type for chair in site.chairs}
    shown = [lane for lane in lanes if choice.has_chair(lane.chair_id, kinds[lane.chair_id])]
    if not choice.narrows:
        return shown
    found = {
        visit.infusion_id for visit in visits if choice.has_visit(visit.name, visit.status, visit.version_id)
    }
    return [replace(lane, blocks=tuple(_marked(block, found) for block in lane.blocks)) for lane in shown]


def _marked(block: Block, found: set[int]) -> Block:
    if block.infusion_id is None:
        return block
    return replace(block, mark="found" if block.infusion_id in found else "back")
