"""When a visit of a chosen set is gone: the smallest change that makes the set whole again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from scheduler.errors import RuleError
from scheduler.features.courses.building.change import locate
from scheduler.features.courses.building.offer import BuildPage, search_of
from scheduler.features.courses.order import Visit, encode
from scheduler.features.courses.page import as_infusions, choices
from scheduler.features.courses.problems import problems_of
from scheduler.features.courses.propose import scenes_for
from scheduler.features.courses.recheck import Gone
from scheduler.features.courses.words import day_words


@dataclass(frozen=True)
class Repair:
    """One visit at another time (or only another chair), and the address of the set with it."""

    number: int
    before: datetime
    after: datetime
    chair_name: str
    href: str

    @property
    def words(self) -> str:
        """`10:00`, `Fri 15 May 10:00`, or only another chair."""
        if self.after == self.before:
            return self.chair_name.lower()
        clock = f"{self.after:%H:%M}"
        return clock if self.after.date() == self.before.date() else f"{day_words(self.after.date())} {clock}"


def repaired(
    session: Session, now: datetime, page: BuildPage, visits: Sequence[Visit], gone: Sequence[Gone]
) -> Repair | None:
    """The nearest time for the one visit that is gone; None where several are, or nothing near is free."""
    if len(gone) != 1:
        return None
    scenes = scenes_for(session, now, search_of(page))
    try:
        scene, site_id = locate(scenes, visits)
    except RuleError:
        return None
    number = gone[0].number
    mine = visits[number - 1]
    near = sorted(
        (
            (abs((day - mine.start.date()).days), abs(option.minute - mine.minute), day, option)
            for day, options in choices(scene, as_infusions(scene, site_id, visits), number).items()
            for option in options
        ),
        key=lambda each: each[:3],
    )
    if not near:
        return None
    _, _, day, option = near[0]
    moved = Visit(number, int(option.chair), datetime.combine(day, time()) + timedelta(minutes=option.minute))
    whole = (*visits[: number - 1], moved, *visits[number:])
    if problems_of(scene, as_infusions(scene, site_id, whole)):
        return None
    names = {chair.id: chair.name for site in scene.sites for chair in site.chairs}
    return Repair(
        number, mine.start, moved.start, names[moved.chair_id], f"{page.base}&set={encode(whole)}#set"
    )
