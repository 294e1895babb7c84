"""What a set of dates costs, in the few words that a person on the phone can say."""

from collections.abc import Iterable, Sequence
from datetime import date

from scheduler.models import ProtocolVersion
from scheduler.planning import Cost, Fault, Plan, PlannedInfusion, Term, Violation
from scheduler.planning.results import lower_median
from scheduler.planning.violation import clock

COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def why(today: date, infusions: Sequence[PlannedInfusion], costs: Sequence[Cost]) -> str:
    """`Starts tomorrow, ends Fri 22 May. A gap of 3 days before no. 5. Always at 09:30.`"""
    sentences = [
        _start(today, infusions),
        *_gaps(costs),
        *_hours(infusions, costs),
        *_rest(costs),
    ]
    return " ".join(sentences)


def another_name(plan: Plan, before: Sequence[Plan]) -> str:
    """What sets a plan apart that is best at nothing: `At 14:00 instead`, `From Tue 12 May`."""
    if all(plan.median_minute != other.median_minute for other in before):
        return f"At {clock(plan.median_minute)} instead"
    if all(plan.days[0] != other.days[0] for other in before):
        return f"From {day_words(plan.days[0])}"
    return f"Another set, until {day_words(plan.days[-1])}"


def numbers(values: Iterable[int]) -> str:
    """`2`, `2 and 5`, `2, 3 and 5`."""
    return listed(str(value) for value in values)


def counted(count: int) -> str:
    """`six`; above ten in figures."""
    return COUNTS[count] if count < len(COUNTS) else str(count)


def listed(texts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = list(texts)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def fault_words(fault: Violation, chair_name: str) -> str:
    """A broken rule of the clinic's as a sentence, with the chair by its name instead of the planner's id."""
    if fault.fault is Fault.CHAIR_TAKEN:
        return f"{chair_name} is taken then."
    if fault.fault is Fault.UNKNOWN_CHAIR:
        return "That chair is no longer in use."
    if fault.fault is Fault.CLOSURE:
        who = chair_name if fault.words.startswith("Chair ") else "The clinic"
        return f"{who} is closed ({fault.reason})." if fault.reason else f"{who} is closed then."
    return fault.words


def day_words(day: date) -> str:
    """`Fri 15 May`."""
    return f"{day:%a} {day.day} {day:%b}"


def _start(today: date, infusions: Sequence[PlannedInfusion]) -> str:
    wait = (infusions[0].day - today).days
    when = {0: "today", 1: "tomorrow"}.get(wait, f"in {wait} days")
    if wait < 0:
        when = f"on {day_words(infusions[0].day)}"
    if len(infusions) == 1:
        return f"Is {when}."
    return f"Starts {when}, ends {day_words(infusions[-1].day)}."


def _gaps(costs: Sequence[Cost]) -> Iterable[str]:
    by_gap: dict[int, list[int]] = {}
    for cost in costs:
        if cost.term is Term.GAP and cost.gap > 0:
            by_gap.setdefault(cost.gap, []).append(cost.k)
    for gap, visits in sorted(by_gap.items()):
        days = "1 day" if gap == 1 else f"{gap} days"
        what = f"A gap of {days}" if len(visits) == 1 else f"Gaps of {days}"
        yield f"{what} before no. {numbers(visits)}."


def _hours(infusions: Sequence[PlannedInfusion], costs: Sequence[Cost]) -> Iterable[str]:
    odd = [cost.k for cost in costs if cost.term is Term.SAME]
    usual = lower_median([each.minute for each in infusions])
    if not odd:
        yield f"Always at {clock(usual)}." if len(infusions) > 1 else f"At {clock(usual)}."
    elif len(odd) == 1:
        minute = next(each.minute for each in infusions if each.k == odd[0])
        yield f"No. {odd[0]} at {clock(minute)}, the others at {clock(usual)}."
    else:
        yield f"No. {numbers(odd)} at another hour than {clock(usual)}."


def _rest(costs: Sequence[Cost]) -> Iterable[str]:
    outside = [cost.k for cost in costs if cost.term is Term.PREF]
    avoided = [cost.k for cost in costs if cost.term is Term.WEEKDAY]
    if outside:
        yield f"No. {numbers(outside)} outside the preferred hours."
    if avoided:
        yield f"No. {numbers(avoided)} on a day to avoid."


RELAXED = {
    "gap_max+1": "with gaps of up to {gap1} days",
    "gap_max+2": "with gaps of up to {gap2} days",
    "gap_min-1": "with gaps from {gapm} on",
    "span_max+7": "if the course may take {span7} days",
    "span_min-3": "if the course may be as short as {spanm} days",
    "first_day_max+7": "if the first visit may be a week later",
    "patient any time": "if the patient can come at any time",
    "patient drops blackout": "if the patient is there on the days away",
    "any chair type": "on any kind of chair",
    "any site": "at another clinic too",
}


def relaxation(name: str, version: ProtocolVersion) -> str:
    """A relaxation of the planner as people say it; `version` is the protocol version it would bend."""
    gap_min = version.gap_min - 1
    return RELAXED[name].format(
        gap1=version.gap_max + 1,
        gap2=version.gap_max + 2,
        gapm="1 day" if gap_min == 1 else f"{gap_min} days",
        span7=version.span_max + 7,
        spanm=version.span_min - 3,
    )
