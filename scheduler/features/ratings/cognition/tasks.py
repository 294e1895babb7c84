"""The tasks as data: what each measures in words, how long it takes, how its score is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from scheduler.models import CognitiveTask

REST = timedelta(minutes=3)
"""How long after learning the pictures are recognised, at the earliest. A choice of this product."""
PRACTICE_NOTE = (
    "People get better at these tasks by doing them, most of all from the first time to the second. A rise "
    "is not by itself a change in the person. There are no norms: compare one person with the same person, "
    "on the same kind of device."
)


@dataclass(frozen=True)
class Task:
    """One version of one task. `most` is the highest score, None where only time limits it; `unit` says what
    is counted and `seconds` about how long it takes."""

    task: CognitiveTask
    version: int
    name: str
    about: str
    unit: str
    most: int | None
    seconds: int

    @property
    def key(self) -> tuple[str, int]:
        """Code and version, as a line of a plan names it."""
        return self.task.value, self.version


PAIRS = Task(
    CognitiveTask.PAIRS,
    1,
    "Symbols and digits",
    "Matching symbols to digits by a key, for 90 seconds",
    "right in 90 s",
    None,
    90,
)
PLACES = Task(
    CognitiveTask.PLACES,
    1,
    "Where pictures lie",
    "Learning the places of eight pictures, in two rounds",
    "right of 16",
    16,
    90,
)
RECOGNISE = Task(
    CognitiveTask.RECOGNISE,
    1,
    "Recognising pictures",
    "Telling the eight learned pictures from eight others, three minutes later or more",
    "right of 16",
    16,
    45,
)
IN_ORDER = (PLACES, PAIRS, RECOGNISE)
"""As they are done in one sitting: the symbols fill the time until the pictures are recognised."""
TASKS: Mapping[CognitiveTask, Task] = {one.task: one for one in IN_ORDER}
