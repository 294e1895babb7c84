"""Rows that are added, changed and struck out: adverse events, rescue drugs, interruptions of the pump."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import InstrumentedAttribute

from scheduler.features.infusion_logs.fields import Options
from scheduler.features.infusion_logs.lists import EVENT_ACTIONS, GRADES, OUTCOMES, RESCUE_ROUTES
from scheduler.models import AdverseEvent, PumpPause, RescueDrug


class RowKind(StrEnum):
    """What is listed, as its address says it."""

    EVENT = "events"
    RESCUE = "rescue"
    PAUSE = "pauses"


Row = AdverseEvent | RescueDrug | PumpPause


@dataclass(frozen=True)
class Cell:
    """One field of a row: how it is read (text, term, choice, grade or time), and what it says when empty.

    An empty `needs` lets it stay empty; an empty time that is needed means now.
    """

    name: str
    label: str
    kind: str
    needs: str = ""
    options: Options = ()
    longest: int = 200


@dataclass(frozen=True)
class Spec:
    """A kind of row: its table, the column that says when it happened, what one is called, its cells."""

    model: type[AdverseEvent] | type[RescueDrug] | type[PumpPause]
    happened: InstrumentedAttribute[datetime]
    one: str
    cells: tuple[Cell, ...]


SPECS: Mapping[RowKind, Spec] = {
    RowKind.EVENT: Spec(
        AdverseEvent,
        AdverseEvent.onset_at,
        "adverse event",
        (
            Cell("term", "What happened", "term", "Choose a term from the list."),
            Cell("onset_at", "Began at", "time", "now"),
            Cell("grade", "Grade", "grade", "Choose a grade.", GRADES),
            Cell("action", "What was done", "choice", "Choose what was done.", EVENT_ACTIONS),
            Cell(
                "outcome",
                "How it ended",
                "choice",
                "Choose how it ended, or that it is still there.",
                OUTCOMES,
            ),
            Cell("note", "In words", "text", longest=500),
        ),
    ),
    RowKind.RESCUE: Spec(
        RescueDrug,
        RescueDrug.given_at,
        "rescue drug",
        (
            Cell("drug", "Drug", "text", "Write which drug was given.", longest=80),
            Cell("amount", "Amount with its unit", "text", "Write how much, such as 4 mg.", longest=40),
            Cell("route", "Route", "choice", "Choose the route.", RESCUE_ROUTES),
            Cell("given_at", "Given at", "time", "now"),
            Cell("why", "Against what", "text", "Write what it was given against."),
        ),
    ),
    RowKind.PAUSE: Spec(
        PumpPause,
        PumpPause.from_at,
        "interruption",
        (
            Cell("from_at", "Stood still from", "time", "now"),
            Cell("to_at", "Until", "time"),
            Cell("why", "Why", "text", "Write why the pump stood still."),
        ),
    ),
}
