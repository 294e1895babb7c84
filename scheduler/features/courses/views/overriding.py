"""A clinician sets the spacing of the protocol aside, with a reason; the same wherever visits are placed."""

from collections.abc import Sequence

from flask import request
from flask_login import current_user

from scheduler.errors import RuleError
from scheduler.features.courses.moving.forms import PlaceForm
from scheduler.features.courses.moving.preview import need_reason
from scheduler.features.courses.placing import Override
from scheduler.web import current_actor

LONGEST = 500


def may_override() -> bool:
    """Whether whoever asks is a clinician."""
    return "clinician" in current_user.roles


def typed_reason() -> str:
    """The reason as it stands in the form."""
    return request.form.get("reason", "")[:LONGEST]


def override_of(chosen: PlaceForm, rules: Sequence[str]) -> Override | None:
    """The exception that the chosen way needs, None for one that keeps the protocol.

    Raises RuleError where nobody present may allow it, or without a reason.
    """
    if chosen.name != "alone":
        return None
    if not may_override():
        raise RuleError("Only a clinician can set the spacing of the protocol aside.")
    reason = need_reason(typed_reason())
    return Override(tuple(rules), reason, current_actor().user_id or 0) if rules else None
