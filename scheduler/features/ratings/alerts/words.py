"""When each kind of alert is raised, as the settings tell it; the numbers in it are the clinic's."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.features.tasks.alert_words import TITLES, URGENCY
from scheduler.features.tasks.alerting.rules import Rule
from scheduler.models import AlertKind

WHEN: Mapping[AlertKind, str] = {
    AlertKind.SUICIDALITY: "The question about active suicidality is answered with yes in a screening. "
    "It stays until a clinician has written what was done, also where the answer is corrected.",
    AlertKind.ITEM_9: "An answer of 1 or more to the question about being better off dead or hurting "
    "oneself. It stays until a clinician has written what was done, also where the answer is corrected.",
    AlertKind.ADVERSE_EVENT: "An adverse event is charted with this grade or a higher one. "
    "Other grades count from then on; what was charted before is not looked at again.",
    AlertKind.WORSENING: "A total lies above the baseline by the instrument's reliable change, or by its "
    "meaningful one where none is published.",
    AlertKind.RELAPSE: "In the weeks after the last infusion, somebody who had responded no longer does.",
    AlertKind.NO_RESPONSE: "So many infusions were given, and no rating of the course's primary instrument "
    "shows a response within a week of the last of them.",
    AlertKind.BOOSTER: "A course was completed so many weeks ago, and no later visit is booked. "
    "Nothing is booked by itself.",
}


@dataclass(frozen=True)
class Number:
    """A number of a rule: its name in the form, what it says, and between what it lies."""

    name: str
    label: str
    low: int
    high: int


NUMBERS: Mapping[AlertKind, tuple[Number, ...]] = {
    AlertKind.ADVERSE_EVENT: (Number("at_least", "Grade, from", 1, 5),),
    AlertKind.NO_RESPONSE: (Number("at_least", "Infusion no.", 1, 24),),
    AlertKind.BOOSTER: (
        Number("at_least", "Weeks, from", 1, 26),
        Number("at_most", "Weeks, to", 1, 26),
    ),
}


@dataclass(frozen=True)
class RuleLine:
    """One kind on the page of the settings."""

    kind: AlertKind
    title: str
    when: str
    rule: Rule
    numbers: tuple[Number, ...]


def rule_lines(rules: Mapping[AlertKind, Rule]) -> list[RuleLine]:
    """All kinds, the most urgent first."""
    return [RuleLine(kind, TITLES[kind], WHEN[kind], rules[kind], NUMBERS.get(kind, ())) for kind in URGENCY]
