"""The demo clinic's logs say what the clinic's own rules would take."""

from sqlalchemy import select

from scheduler.features.infusion_logs.queries.chart import chart_of
from scheduler.models import Infusion, InfusionLog, LogStatus, VitalSigns
from tests.cli.demo.conftest import Made


def test_nothing_is_missing_in_a_log_that_is_complete_and_nothing_lies_ahead(clinic: Made) -> None:
    with clinic.database.read() as session:
        logs = session.execute(
            select(InfusionLog, Infusion).join(Infusion, Infusion.id == InfusionLog.infusion_id)
        ).all()
        done = [log.infusion_id for log, _ in logs if log.status is LogStatus.COMPLETE]
        assert len(done) > 50
        for infusion_id in done[:: len(done) // 8]:
            chart = chart_of(session, infusion_id, clinic.now)
            assert chart.missing == [] and chart.notes == [] and chart.held == []
            assert chart.cautions
        assert all(log.started_at is None or log.started_at <= clinic.now for log, _ in logs)
        assert max(session.scalars(select(VitalSigns.taken_at))) <= clinic.now
