"""Forms of the tasks: a number in, the same form out, for ever. Pure.

A form is never stored, only its number: it follows from the task, the version and the number by a rule that
must not change for a version. Forms of one task are parallel: the same counts, drawn anew from the same
pool, so that who meets the task again meets other pairs, other pictures and other places.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from scheduler.features.ratings.cognition.pools import PICTURES, SYMBOLS
from scheduler.models import CognitiveTask

DIGITS = 9
PAIRS_MS = 90_000
PAIRS_LENGTH = 180
"""More than anybody can do in 90 seconds: two a second."""
CELLS = 16
LEARNED = 8
ROUNDS = 2
FORMS = 1_000_000
PRACTICE = {
    CognitiveTask.PLACES: {
        "shown": [[["gift", 5], ["flag", 10], ["cherry", 12]]],
        "asked": [["flag", "gift", "cherry"]],
        "answers": [10, 5, 12],
    },
    CognitiveTask.RECOGNISE: {
        "shown": ["cherry", "gift"],
        "asked": ["gift", "wheel", "cherry", "flag"],
        "answers": [1, 0, 1, 0],
    },
}


@dataclass(frozen=True)
class PairsForm:
    """Symbol number i of `key` belongs to the digit i + 1; `asked` are symbols in the order of the run."""

    key: tuple[str, ...]
    asked: tuple[str, ...]

    @property
    def right(self) -> tuple[int, ...]:
        """The digit that is right at each position."""
        return tuple(self.key.index(symbol) + 1 for symbol in self.asked)

    @property
    def shown(self) -> dict[str, Any]:
        """What the browser gets."""
        return {"key": self.key, "asked": self.asked, "ms": PAIRS_MS}


@dataclass(frozen=True)
class PlacesForm:
    """Which picture lies in which of the 16 cells; in each round the order of showing and that of asking."""

    places: dict[str, int]
    orders: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    @property
    def right(self) -> tuple[int, ...]:
        """The cell that is right at each position, one round after the other."""
        return tuple(self.places[picture] for _, asked in self.orders for picture in asked)

    @property
    def shown(self) -> dict[str, Any]:
        """What the browser gets."""
        return {
            "shown": [[[picture, self.places[picture]] for picture in shown] for shown, _ in self.orders],
            "asked": [asked for _, asked in self.orders],
        }


@dataclass(frozen=True)
class RecogniseForm:
    """The pictures in the order in which they are asked about, and which of them were learned."""

    asked: tuple[str, ...]
    learned: frozenset[str]

    @property
    def right(self) -> tuple[int, ...]:
        """1 where the picture was learned, else 0."""
        return tuple(int(picture in self.learned) for picture in self.asked)

    @property
    def shown(self) -> dict[str, Any]:
        """What the browser gets: not which of them were learned."""
        return {"asked": self.asked}


Form = PairsForm | PlacesForm | RecogniseForm


def form_of(task: CognitiveTask, version: int, number: int, learned: int | None = None) -> Form:
    """The form of this number. `learned` is the number of the form whose pictures are to be recognised."""
    chance = _chance(f"{task.value}/{version}/{number}")
    if task is CognitiveTask.PAIRS:
        return _pairs(chance)
    if task is CognitiveTask.PLACES:
        return _places(chance)
    if learned is None:
        raise ValueError("Pictures can be recognised only where some were learned.")
    return _recognise(chance, _places(_chance(f"{CognitiveTask.PLACES.value}/{version}/{learned}")))


def next_form(task: CognitiveTask, patient_id: int, used: Collection[int]) -> int:
    """The number of the next form for a patient: none that they had before."""
    chance = _chance(f"{task.value}/{patient_id}/{len(used)}")
    while (number := chance.randrange(FORMS)) in used:
        pass
    return number


def practice_of(task: CognitiveTask) -> dict[str, Any]:
    """What is practised: with answers, because practice says what is right."""
    if task is not CognitiveTask.PAIRS:
        return PRACTICE[task]
    form = _pairs(_chance("practice"))
    return {"key": form.key, "asked": form.asked[:6], "answers": form.right[:6]}


def _chance(of: str) -> Random:
    return Random(of)  # noqa: S311 - a form is no secret, and must come out the same for ever


def _pairs(chance: Random) -> PairsForm:
    key = tuple(chance.sample(SYMBOLS, DIGITS))
    asked: list[str] = []
    while len(asked) < PAIRS_LENGTH:
        block = chance.sample(key, DIGITS)
        if asked and block[0] == asked[-1]:
            block.append(block.pop(0))
        asked += block
    return PairsForm(key, tuple(asked))


def _places(chance: Random) -> PlacesForm:
    pictures = chance.sample(PICTURES, LEARNED)
    places = dict(zip(pictures, chance.sample(range(CELLS), LEARNED), strict=True))
    return PlacesForm(
        places, tuple((_mixed(chance, pictures), _mixed(chance, pictures)) for _ in range(ROUNDS))
    )


def _recognise(chance: Random, learned: PlacesForm) -> RecogniseForm:
    new = chance.sample([picture for picture in PICTURES if picture not in learned.places], LEARNED)
    return RecogniseForm(_mixed(chance, [*learned.places, *new]), frozenset(learned.places))


def _mixed(chance: Random, pictures: Sequence[str]) -> tuple[str, ...]:
    return tuple(chance.sample(pictures, len(pictures)))
