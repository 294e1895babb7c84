"""Plans and explanations as lines for the terminal."""

import re
from collections.abc import Iterator

from scheduler.planning import Explanation, Impasse, Plan, Request

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def plan_text(title: str, plan: Plan) -> Iterator[str]:
    """The visits of a plan, a line each, under a heading with its site and objective."""
    yield f"{title} at {plan.site}, objective {plan.objective}"
    for each in plan.infusions:
        yield f"{each.k:>4}  {each.start:%a %d %b %Y  %H:%M}  chair {each.chair}"


def explanation_text(explanation: Explanation, request: Request) -> Iterator[str]:
    """That no dates fit, where the search ended, and what would make a plan possible."""
    count = request.protocol.n
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    yield f"No {number} dates fit." if count > 1 else "No date fits."
    for site, impasse in explanation.sites.items():
        yield f"At {site}, visit {impasse.session} finds no day; tried: {_days(impasse)}."
    if not explanation.relaxations:
        yield "No single relaxation makes a plan possible."
    for each in explanation.relaxations:
        yield f"Possible {relaxation_words(each.name, request)} (objective {each.objective})."


def relaxation_words(name: str, request: Request) -> str:
    """A relaxation's name, such as gap_max+1, as the end of a sentence that begins with "Possible"."""
    fixed = {
        "first_day_max+7": "if the first visit may be up to 7 days later",
        "patient any time": "if the patient can come at any time",
        "patient drops blackout": "if the patient can come on the days away",
        "any chair type": "on a chair of any type",
        "any site": "at another site of the clinic too",
    }
    if name in fixed:
        return fixed[name]
    bound, change = re.fullmatch(r"(\w+)([+-]\d+)", name, re.ASCII).groups()  # type: ignore[union-attr]
    days = getattr(request.protocol, bound) + int(change)
    kind = "gaps" if bound.startswith("gap") else "a course"
    return f"with {kind} of {'up to' if bound.endswith('max') else 'at least'} {days} day{'s' * (days != 1)}"


def _days(impasse: Impasse) -> str:
    return ", ".join(f"{day:%a %d %b %Y}" for day in impasse.days) or "none, the span leaves no day"
