"""The ordinary days of the demo clinic: who came, was seated and went home, with the history of each step.

What happened is written in the order of the clinic's clock, with the very rows that the funnel of every
change writes (`courses/actions/write_change.py`). But all at once: the database is asked once for hundreds of
visits, and not four times for each step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.staff import Staff
from scheduler.features.courses.actions.chores import counted_chore, stopped_chore, unplanned_chore
from scheduler.features.courses.actions.opened import Opened, close_or_reopen
from scheduler.features.courses.actions.write_change import audit_change, change_row, look
from scheduler.models import Infusion, InfusionStatus, Role

SAID_WITHIN = timedelta(hours=3)
"""A clinician says on the same day whether an infusion that was stopped counts."""


@dataclass(frozen=True)
class Hours:
    """The instants of one visit as it went."""

    came: datetime
    seated: datetime
    gone: datetime


@dataclass(frozen=True)
class _Step:
    """One thing that happened: when, to which visit, by whom, and what it writes."""

    at: datetime
    row: Infusion
    kind: str
    role: Role
    columns: Mapping[str, object]
    reason: str = ""


class Past:
    """Collects what happened up to `now`, and writes it."""

    def __init__(self, session: Session, now: datetime, staff: Staff) -> None:
        self.session, self.now, self.staff = session, now, staff
        self.steps: list[_Step] = []

    def went(self, row: Infusion, hours: Hours, stopped: str | None) -> None:
        """The visit took place, or is on its way."""
        s = InfusionStatus
        came: dict[str, object] = {"status": s.ARRIVED, "arrived_at": hours.came}
        seated: dict[str, object] = {"status": s.IN_PROGRESS, "started_at": hours.seated}
        gone: dict[str, object] = {"status": s.COMPLETED, "completed_at": hours.gone}
        self._note(hours.came, row, "arrived", Role.FRONT_DESK, came)
        self._note(hours.seated, row, "started", Role.NURSE, seated)
        if not stopped:
            self._note(hours.gone, row, "completed", Role.NURSE, gone)
            return
        why = f"Stopped early: {stopped}"
        early = {**gone, "stopped_early": True, "status_reason": why}
        self._note(hours.gone, row, "stopped", Role.NURSE, early, why)
        self._note(hours.gone + SAID_WITHIN, row, "counted", Role.CLINICIAN, {"counts": True})

    def missed(self, row: Infusion, at: datetime) -> None:
        """Nobody came; the desk gave up waiting."""
        why = "Did not come"
        given_up = {"status": InfusionStatus.MISSED, "status_reason": why}
        self._note(at, row, "missed", Role.FRONT_DESK, given_up, why)

    def write(self) -> None:
        """Write all of it, the oldest first."""
        for step in sorted(self.steps, key=lambda step: (step.at, step.row.id)):
            self._write(step)
        self.session.flush()

    def _note(
        self,
        at: datetime,
        row: Infusion,
        kind: str,
        role: Role,
        columns: Mapping[str, object],
        reason: str = "",
    ) -> None:
        if at <= self.now:
            self.steps.append(_Step(at, row, kind, role, columns, reason))

    def _write(self, step: _Step) -> None:
        row, course = step.row, step.row.course
        user = self.staff.of(step.role, row.site_id)[0]
        actor = Actor(user.id, user.name)
        before = look(course, [row])
        for name, value in step.columns.items():
            setattr(row, name, value)
        visits = {each.id: each for each in course.infusions}
        opened = Opened(course, visits, course.site, course.protocol_version)
        close_or_reopen(opened, step.at)
        self._chores(step, actor, opened)
        self.session.add(change_row(actor, step.at, course, step.kind, before, [row], reason=step.reason))
        audit_change(self.session, actor, step.at, course, step.kind, [row])

    def _chores(self, step: _Step, actor: Actor, opened: Opened) -> None:
        """What the step leaves for somebody to do."""
        if step.kind == "stopped":
            stopped_chore(self.session, step.at, step.row)
        if step.kind == "counted":
            counted_chore(self.session, actor, step.at, step.row, "It counts.")
        if step.kind == "missed":
            unplanned_chore(self.session, actor, step.at, opened)
