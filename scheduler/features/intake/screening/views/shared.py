"""What the pages of one screening share: the page itself, a form that comes back, each look in the trail."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.accounts.login import draft_key
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.screening.problems import Problem
from scheduler.features.intake.screening.queries.page import Page, page_of, signed_of
from scheduler.features.patients.queries import PatientHit
from scheduler.web import current_actor, reading, writing


@dataclass(frozen=True)
class Back:
    """A form that was not taken: which one, what was typed, and what is to be said about it."""

    form: str
    typed: Mapping[str, str]
    problems: Sequence[Problem] = ()
    twins: Sequence[PatientHit] = ()

    def of(self, name: str) -> Problem | None:
        """What is to be said about a field."""
        return next((each for each in self.problems if each.field == name), None)


def show(screening_id: int, back: Back | None = None, status: int = 200) -> ResponseReturnValue:
    """A draft to write, or what was signed to read."""
    with reading() as s:
        page = page_of(s, screening_id, clock.now())
        signed = signed_of(s, page.draft.row)
    note(page)
    template = "signed" if signed else "draft"
    answer = render_template(
        f"intake/screening/{template}.html",
        page=page,
        signed=signed,
        back=back,
        draft_key=draft_key("screening drafts", current_user.user_id),
        new_key=secrets.token_hex(16),
    )
    return answer, status


def note(page: Page) -> None:
    """Add to the trail that somebody looked at it."""
    row = page.draft.row
    with writing() as s:
        record_read(s, current_actor(), clock.now(), "screening", row.id, page.draft.about.patient_id)
