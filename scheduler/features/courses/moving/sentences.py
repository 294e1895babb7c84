"""What the move page says: the title, the consequences, the button."""

from datetime import datetime

from scheduler.features.courses.moving.preview import MovePreview
from scheduler.features.courses.moving.ways import Way
from scheduler.features.courses.reach import Reached
from scheduler.features.courses.words import day_words, numbers
from scheduler.planning.violation import clock


class MoveSentences:
    """The sentences of one preview for a patient who is told by the ways of `reach`."""

    def __init__(self, page: MovePreview, reach: Reached) -> None:
        self.page = page
        self.reach = reach
        self.patient = page.chart.course.patient

    @property
    def title(self) -> str:
        """`Move visit 3 from Thu 7 May, 10:00 to Fri 8 May, 10:00`."""
        before = f"Move visit {self.page.row.number} from {_when(self.page.start)}"
        wish = self.page.wish
        return f"{before} to {day_words(wish.day)}, {clock(wish.minute)}" if wish else before

    @property
    def settled(self) -> str:
        """Under "As booked": which visits no longer move."""
        done = [visit.k for visit in self.page.chart.ailing.visits if visit.done]
        if not done:
            return "Every visit is still to come."
        return f"Visits {numbers(done)} stay." if len(done) > 1 else f"Visit {done[0]} stays."

    def strong(self, way: Way) -> str:
        """`Moves visits 3 and 4.`"""
        moved = way.moved
        if not moved:
            return "Changes the chair only."
        what = f"Moves visits {numbers(moved)}" if len(moved) > 1 else f"Moves visit {moved[0]}"
        return f"{what} against the protocol." if way.rules else f"{what}."

    def sends(self, way: Way) -> str:
        """What the patient gets."""
        count, name = len(way.moved), self.patient.given_name
        undo = "Can be undone for 10 minutes"
        if not count:
            return f"Sends nothing. {undo}."
        if self.reach.nobody:
            return f"Sends nothing: no message reaches {name}, who needs a call. {undo}."
        what = self.reach.about(count, kind="updated")
        return f"Sends {name} {what} and no others. {undo}; an undo sends them again."

    def button(self, way: Way) -> str:
        """`Move 2 visits, send 2 updates`."""
        count = len(way.moved)
        if not count:
            return "Change the chair"
        move = "Move 1 visit" if count == 1 else f"Move {count} visits"
        if self.reach.nobody:
            return move
        return f"{move}, send 1 update" if count == 1 else f"{move}, send {count} updates"


def _when(start: datetime) -> str:
    return f"{day_words(start.date())}, {start:%H:%M}"
