"""What the living page shows: one invented week at one invented clinic.

The living page (`templates/components/index.html`) draws every part in every state with the macros
that the pages use. A part that takes dates or rows needs something to draw; it is here, fixed, so
that the page looks the same every day and a picture of it can be compared.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from scheduler.web.showcase_course import CHARTS, SCORES

Example = dict[str, Any]
FIRST = date(2026, 5, 4)
TODAY = date(2026, 5, 5)
PHASES = (("prep", 2), ("inf", 4), ("rec", 5), ("out", 1))
DAY_BEGINS = 8
GAPS = {1: "2 days", 2: "2 days", 3: "3 days", 4: "2 days", 5: "2 days"}


def examples() -> Example:
    """Give the context of the living page: `show`, by the name of the part it is for."""
    return {
        "show": {
            "today": TODAY,
            "days": _days(3),
            "long": _days(6),
            "sets": _sets(),
            "rows": _rows(),
            "booked": _visits("done done open open open open", (0, 2, 4, 7, 9, 11)),
            "asked": _asked(),
            "states": _visits("done done missed today open odd", (0, 2, 4, 7, 9, 11)),
            "flexible": _visits("done done today open open open", (0, 5, 12, 19, 26, 33)),
            "chairs": _chairs(),
            "now": {"slot": 16.2, "label": "10:42"},
            "load": _load(),
            "course": _course(),
            "charts": CHARTS,
            "scores": SCORES,
            "at": lambda clock: datetime.combine(TODAY, time.fromisoformat(clock)),
        }
    }


def _days(weeks: int) -> list[Example]:
    """The weeks from FIRST: closed on Sundays, no Tuesday mornings, no Saturdays."""
    cant = {1: "am", 3: "pm", 5: "all"}
    dates = [FIRST + timedelta(days=offset) for offset in range(7 * weeks)]
    return [{"date": day, "shut": day.weekday() == 6, "cant": cant.get(day.weekday(), "")} for day in dates]


def _visits(states: str, offsets: Sequence[int], times: Sequence[str] = ("09:30",) * 6) -> list[Example]:
    words = states.split()
    return [
        {"number": number, "date": FIRST + timedelta(days=offset), "time": clock, "state": state}
        for number, (state, offset, clock) in enumerate(zip(words, offsets, times, strict=True), start=1)
    ]


def _sets() -> list[Example]:
    spaced = _visits(
        "pick pick odd pick pick pick", (7, 9, 11, 14, 16, 18), ("09:30",) * 2 + ("10:30",) + ("09:30",) * 3
    )
    early = _visits(
        "pick pick pick odd odd pick", (2, 4, 7, 9, 11, 14), ("09:30",) * 3 + ("11:00", "10:30", "09:30")
    )
    steady = _visits("pick pick pick pick pick pick", (4, 7, 9, 11, 14, 16), ("14:00",) * 6)
    return [
        {
            "value": "spacing",
            "name": "Best spacing",
            "why": "Starts in 6 days. One gap of 3 days, over the weekend. Visit 3 is an hour later.",
            "visits": spaced,
        },
        {
            "value": "early",
            "name": "Earliest start",
            "why": "Starts tomorrow and ends 4 days sooner. Two gaps of 3 days. Visits 4 and 5 are later.",
            "visits": early,
        },
        {
            "value": "steady",
            "name": "Always the same hour",
            "why": "Every visit at 14:00. Outside the mornings she prefers. Two gaps of 3 days.",
            "visits": steady,
        },
    ]


def _rows() -> list[Example]:
    moves = (
        "Same day, 08:30 to 11:00",
        "Same day, 09:00 to 10:00",
        "Same day, 10:30 or 15:00: nurses are full at 09:30",
        "Same day, 08:30 to 13:00",
        "Same day, 09:00 to 11:30. Thu 21 if visit 6 moves too",
        "Same day, 08:00 to 15:30",
    )
    return [
        visit
        | {
            "starts": visit["time"],
            "ends": "12:30" if visit["state"] == "odd" else "11:30",
            "chair": "4" if visit["state"] == "odd" else "2",
            "gap": GAPS.get(visit["number"] - 1, "none"),
            "can_move": move,
            "change_href": "#proposals",
        }
        for visit, move in zip(_sets()[0]["visits"], moves, strict=True)
    ]


def _asked() -> list[Example]:
    was = {"number": 3, "date": FIRST + timedelta(days=3), "time": "", "state": "was"}
    visits = _visits("done done pick break open open", (0, 2, 4, 5, 9, 11))
    visits[2]["breaks"] = 1
    return [*visits[:2], was, *visits[2:]]


def _block(start: str, title: str, detail: str, state: str = "", href: str | None = "#lanes") -> Example:
    hour, minute = (int(part) for part in start.split(":"))
    said = {"": "to come", "done": "gone home", "now": "in the chair", "late": "late 12 min"}[state]
    return {
        "at": (hour - DAY_BEGINS) * 6 + minute // 10 + 1,
        "length": 12,
        "title": title,
        "detail": detail,
        "state": state,
        "phases": PHASES,
        "href": href,
        "said": f"{title}, {start} to {hour + 2:02d}:{minute:02d}, {detail}, {said}",
    }


def _chairs() -> list[Example]:
    service = {
        "at": 1,
        "length": 24,
        "title": "Pump service",
        "detail": "",
        "state": "shut",
        "phases": (),
        "href": None,
        "said": "Pump service, 08:00 to 12:00, the chair is shut",
    }
    return [
        {
            "name": "Chair 1",
            "note": "Okafor: infusion to 11:10",
            "blocks": [
                _block("08:00", "P. Vance", "no. 2", "done"),
                _block("10:10", "T. Okafor", "no. 4, infusion", "now"),
                _block("13:00", "E. Aydin", "no. 1"),
                _block("15:20", "J. Brandt", "no. 5"),
            ],
        },
        {
            "name": "Chair 2",
            "note": "Free: Rahimi is late",
            "blocks": [
                _block("08:20", "G. Whitlock", "no. 6", "done"),
                _block("10:30", "N. Rahimi", "Due 10:30, not here", "late"),
                _block("13:30", "L. Ferreira", "no. 2"),
            ],
        },
        {
            "name": "Chair 3",
            "note": "Shut until 12:00",
            "blocks": [service, _block("13:20", "A. Jensen", "no. 2")],
        },
    ]


def _load() -> Example:
    """Nurse load in twelfths of a nurse: what the blocks need, and three nurses with a break at noon."""
    care = {"prep": 12, "inf": 3, "rec": 2, "out": 12}
    needed = [0] * 60
    for block in (block for chair in _chairs() for block in chair["blocks"]):
        slot = block["at"] - 1
        for kind, slots in block["phases"]:
            for at in range(slot, slot + slots):
                needed[at] += care[kind]
            slot += slots
    limits = [36] * 24 + [24] * 6 + [36] * 30
    said = "Nurse load by ten minutes. It stays under the limit of three nurses, of two from 12:00 to 13:00."
    return {"note": "3 on duty, 2 at noon", "said": said, "needed": needed, "limits": limits}


def _course() -> list[Example]:
    lines: tuple[tuple[tuple[str, str], ...], ...] = (
        (("35 mg", ""), ("As planned", "")),
        (("35 mg", ""), ("Dizziness, mild", "care")),
        (("35 mg", ""), ("One pressure missing", "care")),
        (("35 mg", ""), ("As planned", "")),
        (("In the chair", ""), ("Rating before is missing", "care")),
        (("Chair 2", ""),),
    )
    states = ("done", "done", "done", "done", "today", "open")
    whens = (
        "22 Apr, 09:30",
        "24 Apr, 09:30",
        "27 Apr, 09:30",
        "29 Apr, 10:00",
        "5 May, 09:30",
        "8 May, 09:30",
    )
    gaps = ("2 days", "3 days", "2 days", "6 days, not 3", "3 days", None)
    return [
        {
            "number": number,
            "state": state,
            "href": "#course",
            "when": when,
            "lines": said,
            "gap": gap,
            "gap_bad": bool(gap and "not" in gap),
        }
        for number, (state, when, said, gap) in enumerate(
            zip(states, whens, lines, gaps, strict=True), start=1
        )
    ]
