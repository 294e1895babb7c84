"""What each alert says: stated, with its figures, never judged."""

from collections.abc import Mapping
from typing import Any

from scheduler.models import AlertKind

URGENCY = (
    AlertKind.SUICIDALITY,
    AlertKind.ITEM_9,
    AlertKind.ADVERSE_EVENT,
    AlertKind.WORSENING,
    AlertKind.RELAPSE,
    AlertKind.NO_RESPONSE,
    AlertKind.BOOSTER,
)
"""The kinds, what must be looked at first before the rest."""

TITLES: Mapping[AlertKind, str] = {
    AlertKind.SUICIDALITY: "Active suicidality",
    AlertKind.ITEM_9: "Thoughts of being dead or of self-harm",
    AlertKind.ADVERSE_EVENT: "Adverse event",
    AlertKind.WORSENING: "Worse than at the baseline",
    AlertKind.RELAPSE: "Symptoms have returned",
    AlertKind.NO_RESPONSE: "No response so far",
    AlertKind.BOOSTER: "Booster due",
}
_DETAILS: Mapping[AlertKind, str] = {
    AlertKind.SUICIDALITY: "The question was answered with yes in a screening.",
    AlertKind.ITEM_9: "The question was answered with {answer} of 3.",
    AlertKind.ADVERSE_EVENT: "{term}, grade {grade}.",
    AlertKind.WORSENING: "{instrument}: {total}, which is {rise} above the baseline of {baseline}.",
    AlertKind.RELAPSE: "{instrument}: {total} in week {week}, after a response from {baseline}.",
    AlertKind.NO_RESPONSE: "{instrument}: {best} at best by infusion no. {number}, from {baseline}.",
    AlertKind.BOOSTER: "The last infusion was on {last}, and no visit is booked.",
}


def title_of(kind: AlertKind) -> str:
    """The alert in a few words."""
    return TITLES[kind]


def detail_of(kind: AlertKind, facts: Mapping[str, Any]) -> str:
    """Its figures as one sentence; empty where the facts lack one."""
    try:
        return _DETAILS[kind].format_map(facts)
    except KeyError:
        return ""
