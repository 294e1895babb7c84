"""What the replan page says: the title, the consequences, the button."""

from scheduler.features.courses.moving.replan.preview import ReplanPage
from scheduler.features.courses.moving.replan.scope import Reach, Scope, named
from scheduler.features.courses.moving.ways import Way, protocol_rule
from scheduler.features.courses.reach import Reached
from scheduler.features.courses.words import counted, numbers


class ReplanSentences:
    """The sentences of one page for a patient who is told by the ways of `reach`."""

    def __init__(self, page: ReplanPage, reach: Reached) -> None:
        self.page = page
        self.reach = reach
        self.patient = page.chart.course.patient

    @property
    def title(self) -> str:
        """`New date for visit 3`, `New dates for visits 3 and 5`."""
        planned = self.page.scope.numbers
        one = len(planned) == 1
        return f"New {'date' if one else 'dates'} for {named(planned).lower()}"

    @property
    def heading(self) -> str:
        """`Three ways to plan visit 3`, over the proposals."""
        ways = self.page.ways
        if not ways:
            return "No date keeps the spacing" if self.page.override else "No date is free"
        count = counted(len(ways)).capitalize()
        planned = named(self.page.scope.numbers).lower()
        return f"{count} {'way' if len(ways) == 1 else 'ways'} to plan {planned}"

    @property
    def widened(self) -> str:
        """Why other visits move though nobody asked for it; "" where they don't."""
        if not self.page.widened:
            return ""
        alone = self.page.scopes[0]
        one = len(alone.numbers) == 1
        finds = "finds" if one else "find"
        return f"{named(alone.numbers)} {finds} no room between the others, so these move too."

    @property
    def settled(self) -> str:
        """Under "As it stands": `Visits 1 and 2 stay.`"""
        done = [visit.k for visit in self.page.chart.ailing.visits if visit.done]
        if not done:
            return "No visit has taken place yet."
        return f"Visits {numbers(done)} stay." if len(done) > 1 else f"Visit {done[0]} stays."

    def scope(self, scope: Scope) -> str:
        """The words of a choice of what is planned."""
        if scope.reach is Reach.ALL:
            return "All that follow may move"
        return f"{named(scope.numbers)} alone"

    def scope_values(self, scope: Scope) -> dict[str, object]:
        """The page's parameters with that choice."""
        if scope.reach is Reach.ALL:
            return self.page.form.values(all="1")
        if scope.reach is Reach.ONE:
            return self.page.form.values(all="0")
        return self.page.form.values(all="0", after=None)

    @property
    def rule(self) -> str:
        """`Visits 2 to 7 days apart, all within 28 days`."""
        return protocol_rule(self.page.chart)

    def strong(self, way: Way) -> str:
        """`Books visit 3 and moves visits 4 and 5.`"""
        new, moved = self._parts(way)
        what = f"Books {named(new).lower()}"
        if moved:
            what = f"{what} and moves {named(moved).lower()}"
        return f"{what} against the protocol." if way.rules else f"{what}."

    def sends(self, way: Way) -> str:
        """What the patient gets."""
        count, name = len(way.moved), self.patient.given_name
        undo = "Can be undone for 10 minutes"
        if self.reach.nobody:
            return f"Sends nothing: no message reaches {name}, who needs a call. {undo}."
        return f"Sends {name} {self.reach.about(count)}. {undo}."

    def button(self, way: Way) -> str:
        """`Book 1 visit, move 2, send 3 messages`."""
        new, moved = self._parts(way)
        words = "Book 1 visit" if len(new) == 1 else f"Book {len(new)} visits"
        words = f"{words}, move {len(moved)}" if moved else words
        if self.reach.nobody:
            return words
        return f"{words}, send {len(way.moved)} {'message' if len(way.moved) == 1 else 'messages'}"

    def _parts(self, way: Way) -> tuple[list[int], list[int]]:
        """The numbers that get a date, and those that had one."""
        new = [line.number for line in way.lines if line.before is None]
        return new, [number for number in way.moved if number not in new]
