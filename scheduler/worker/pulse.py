"""The pulse of a worker, which `/healthz` reads."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.models import WorkerTick


def beat(session: Session, at: datetime, worker: str, started_at: datetime, error: str | None) -> None:
    """Write that this worker looked at `at`; `error` names the step that broke in the tick before."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(WorkerTick)
        .values(worker=worker, started_at=started_at, last_tick_at=at, ticks=1, last_error=error)
        .on_conflict_do_update(
            index_elements=["worker"],
            set_={"last_tick_at": at, "ticks": WorkerTick.ticks + 1, "last_error": error},
        )
    )
