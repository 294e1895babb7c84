"""How much of the nurses' attention each ten minutes of a day take, against what those on duty can give.

The sums are the planner's own (`planning.load_profile`), the same that guard a booking; here they are
cut to the hours drawn and put into words. Twelve units are one nurse.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.features.desk.frame import SLOT, Frame
from scheduler.features.desk.words import clock
from scheduler.planning import LoadSlot

NURSE = 12


@dataclass(frozen=True)
class Load:
    """For the picture: units needed and units there in each slot drawn, and both in words."""

    needed: tuple[int, ...]
    limits: tuple[int, ...]
    note: str
    said: str


def load_of(frame: Frame, profile: Sequence[LoadSlot], slot: float | None) -> Load:
    """The load in the hours drawn. `slot` is the present moment's, None on other days."""
    drawn = [part for part in profile if frame.from_minute <= part.minute < frame.to_minute]
    fullest = max(drawn, key=lambda part: part.load)
    here = drawn[int(slot)].limit if slot is not None else max(part.limit for part in drawn)
    note = f"{here // NURSE} on duty" if here else "Nobody on duty"
    if slot is not None and not here:
        note += " now"
    if fullest.load:
        note += f", busiest at {clock(fullest.minute)}"
    return Load(
        tuple(part.load for part in drawn), tuple(part.limit for part in drawn), note, _said(drawn, fullest)
    )


@dataclass(frozen=True)
class Pressure:
    """How near a day comes to what its nurses can give: over (`stop`), near (`due`) or not."""

    tone: str
    words: str


def pressure_of(profile: Sequence[LoadSlot], soft_pct: int) -> Pressure:
    """The worst of a day; near is from `soft_pct` percent of the limit on."""
    over = _runs([part.minute for part in profile if part.load > part.limit])
    if over:
        return Pressure("stop", f"Over the nurses' limit at {clock(over[0][0])}")
    near = [part.minute for part in profile if part.load and part.load * 100 >= part.limit * soft_pct]
    return Pressure("due", f"Nurses nearly full at {clock(near[0])}") if near else Pressure("", "")


def _said(drawn: Sequence[LoadSlot], fullest: LoadSlot) -> str:
    """The picture in a sentence, for who can't see it."""
    if not fullest.load:
        return "Nurse load by ten minutes. No visit needs a nurse on this day."
    over = [part.minute for part in drawn if part.load > part.limit]
    top = f"the fullest time is {clock(fullest.minute)}."
    if not over:
        return f"Nurse load by ten minutes. It stays within what the nurses on duty can give; {top}"
    spans = " and ".join(f"from {clock(start)} to {clock(end)}" for start, end in _runs(over))
    return f"Nurse load by ten minutes. It is more than the nurses on duty can give {spans}; {top}"


def _runs(minutes: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring slots as (from, to) in minutes of the day."""
    runs: list[tuple[int, int]] = []
    for minute in minutes:
        if runs and runs[-1][1] == minute:
            runs[-1] = (runs[-1][0], minute + SLOT)
        else:
            runs.append((minute, minute + SLOT))
    return runs
