"""Runs in words, the same on a page and on paper: from plain values, so that a signed run can be told too."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from scheduler.models import CognitiveTask, RunState

INPUTS = {"touch": "by touch", "keyboard": "by keyboard", "mouse": "by mouse", "mixed": "by several inputs"}
REASONS = {
    "hidden": "The page was left or the screen went dark.",
    "connection": "The connection was lost.",
    "reload": "The page was opened anew in the middle.",
    "other": "Something on the device stopped it.",
    "not_through": "It was not done to the end.",
    "times": "Its times can't be true.",
    "second": "Another run was complete already.",
}
LEFT_OUT = {
    "see": "Can't see it well, or uses a screen reader.",
    "hands": "The hands don't allow it.",
    "tired": "Too tired or unwell.",
    "other": "",
}
UNHEARD = "It was begun, and its end never reached us."
PHONE_WIDTH = 600
"""CSS pixels: what is narrower at its narrow side is called a phone."""


def why(state: str, reason: str | None) -> str:
    """Why a run does not count; empty for one that does, and where nobody said why."""
    if state == RunState.BEGUN:
        return UNHEARD
    words = LEFT_OUT if state == RunState.LEFT_OUT else REASONS
    return words.get(reason or "", "")


def device_said(device: Mapping[str, Any]) -> str:
    """`phone, 390 × 844`: what kind of device it was, by the size of its screen in CSS pixels."""
    if not device:
        return ""
    narrow = min(device["width"], device["height"])
    kind = ("phone" if narrow < PHONE_WIDTH else "tablet") if device["touch"] else "computer"
    return f"{kind}, {device['width']} × {device['height']}"


def used(device: Mapping[str, Any], by: str) -> str:
    """The device and the kind of input (`scoring.input_of`) in one line."""
    return ", ".join(words for words in (device_said(device), INPUTS.get(by, "")) if words)


def details(task: str, score: Mapping[str, int], after: timedelta | None) -> str:
    """What a score holds beside its value; `after` is how long the pictures had been learned."""
    if not score:
        return ""
    typical = f", typically {score['typical_ms'] / 1000:.1f} s" if "typical_ms" in score else ""
    if task == CognitiveTask.PAIRS:
        return f"{score['wrong']} wrong{typical}"
    if task == CognitiveTask.PLACES:
        return f"First round {score['first']} of 8, second {score['second']} of 8{typical}"
    later = f", {_said(after)} after learning" if after is not None else ""
    known = f"{score['hits']} of 8 known, {score['false_alarms']} of 8 new ones taken for known"
    return f"{known}{typical}{later}"


def _said(delay: timedelta) -> str:
    minutes = round(delay.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
