"""The demo clinic's alerts: one of each kind waits, older ones were ended, and all of them are true."""

from sqlalchemy import select

from scheduler.features.ratings.alerts.settle import stale
from scheduler.features.tasks.alerts import open_alerts
from scheduler.models import Alert, AlertKind, Course
from tests.cli.demo.conftest import Made


def test_one_of_each_kind_waits_and_a_worker_finds_nothing_to_change(clinic: Made) -> None:
    with clinic.database.read() as session:
        assert {alert.kind for alert in open_alerts(session)} == set(AlertKind)
        rows = session.scalars(select(Alert).order_by(Alert.id)).all()
        ended = [row for row in rows if row.acknowledged_at is not None]
        assert len(ended) > len(rows) / 2
        assert all(row.raised_at < row.acknowledged_at <= clinic.now for row in ended if row.acknowledged_at)
        courses = session.scalars(select(Course.id).order_by(Course.id)).all()
        assert stale(session, clinic.now, courses) == []
