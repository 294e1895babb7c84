"""A task for the staff about each request whose next step is late, so that it is seen outside the list, too.

One task for each day that was missed: whoever settles it without a new day is not told again of the same one,
and the list shows the request as late all the same. In a flood of requests the list is enough.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, not_, select
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.features.intake.found import waits
from scheduler.features.intake.steps import task_key
from scheduler.features.tasks.actions import raise_task, settle_by_key
from scheduler.models import ConsultationRequest, Site, StaffTask, TaskKind

MOST = 30
"""Tasks about late requests of one site that are raised in one go."""
R = ConsultationRequest


def tend_late(session: Session, at: datetime) -> None:
    """Raise the tasks about requests that are late at `at`, and settle those whose request waits no more."""
    for site in session.scalars(select(Site).order_by(Site.id)):
        _raise(session, at, site)
    over = select(R.id).join(StaffTask, _about()).where(StaffTask.done_at.is_(None), not_(waits()))
    for request_id in session.scalars(over.order_by(R.id)).all():
        settle_by_key(session, WORKER, at, task_key(request_id), "It waits no more")


def _raise(session: Session, at: datetime, site: Site) -> None:
    today = at.astimezone(ZoneInfo(site.tz)).date()
    told = exists().where(_about(), StaffTask.due_on == R.next_due)
    late = session.scalars(
        select(R)
        .where(R.site_id == site.id, R.next_due < today, waits(), not_(told))
        .order_by(R.next_due, R.id)
        .limit(MOST)
    ).all()
    for request in late:
        raise_task(
            session,
            at,
            kind=TaskKind.REQUEST_LATE,
            dedupe_key=task_key(request.id),
            site_id=site.id,
            patient_id=request.patient_id,
            facts={"request_id": request.id, "why": f"“{request.next_step}” should have been done."},
            due_on=request.next_due,
        )


def _about() -> ColumnElement[bool]:
    """The condition that a task is the one about a request."""
    return and_(
        StaffTask.kind == TaskKind.REQUEST_LATE,
        StaffTask.dedupe_key == literal("request:") + cast(R.id, String) + literal(":late"),
    )
