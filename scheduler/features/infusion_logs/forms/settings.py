"""The forms of the settings of charting."""

import re
import unicodedata

from scheduler.errors import RuleError
from scheduler.features.infusion_logs.domain.limits import LIMITS
from scheduler.features.infusion_logs.forms.typed import Sent
from scheduler.features.infusion_logs.rules import Rules

NAMES = {
    "start_sbp": ("Do not start above, systolic", LIMITS["sbp"].hard),
    "start_dbp": ("Do not start above, diastolic", LIMITS["dbp"].hard),
    "act_sbp": ("Act at, systolic", LIMITS["sbp"].hard),
    "act_dbp": ("Act at, diastolic", LIMITS["dbp"].hard),
    "during_minutes": ("Minutes between rows during the infusion", (1, 60)),
    "after_minutes": ("Minutes between rows after it", (1, 120)),
}
MOST_ITEMS, LONGEST = 20, 120


def read_rules(sent: Sent) -> Rules:
    """The six numbers. Raises RuleError that names the first that can't be."""
    values = {}
    for name, (label, (low, high)) in NAMES.items():
        number = sent.whole(name)
        if number is None or not low <= number <= high:
            raise RuleError(f"{label}: write a whole number from {low} to {high}.")
        values[name] = number
    rules = Rules(**values)
    if rules.start_dbp >= rules.start_sbp or rules.act_dbp >= rules.act_sbp:
        raise RuleError("A diastolic limit lies below the systolic one beside it.")
    if rules.start_sbp > rules.act_sbp or rules.start_dbp > rules.act_dbp:
        raise RuleError("The limit for acting can't lie below the one for starting.")
    return rules


def read_items(text: str) -> list[str]:
    """One check a line, each once; empty goes back to the usual list. Raises RuleError."""
    lines = [" ".join(line.split()) for line in re.split(r"[\r\n\u2028]+", text)]
    found = list(dict.fromkeys(line for line in lines if line))
    if len(found) > MOST_ITEMS:
        raise RuleError(f"A list has at most {MOST_ITEMS} checks; this one has {len(found)}.")
    for line in found:
        if len(line) > LONGEST or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in line):
            raise RuleError(f"Keep each check below {LONGEST} characters, in letters that can be seen.")
    return found
