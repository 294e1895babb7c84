"""A course on both databases with a charted visit, a missed one, ratings and a correction."""

from datetime import timedelta

import pytest

from scheduler.db import Database
from scheduler.features.ratings.instruments import GAD7
from scheduler.models import (
    AdverseEvent,
    InfusionLog,
    InfusionStatus,
    LogStatus,
    PatientCaution,
    TimePoint,
    VitalSigns,
)
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, small_clinic
from tests.support.visits import add_rating, add_six


def charted(database: Database) -> SmallClinic:
    """Patient 1 with course 1; patient 2 was merged into them. Visit 1 was charted, visit 2 was missed."""
    with database.write() as session:
        clinic = small_clinic(session)
        days = [TODAY - timedelta(days=days) for days in (7, 5, 3)]
        _, visits = add_six(session, clinic, days, completed=1)
        visits[1].status, visits[1].status_reason = InfusionStatus.MISSED, "Did not come"
        begun = visits[0].starts_at
        log = InfusionLog(
            infusion_id=visits[0].id, begun_at=begun, rules={}, weight_g=70_000, dose_ug=35_000,
            drug="Ketamine", lot="K1", route="iv", started_at=begun, stopped_at=begun + timedelta(minutes=40),
            identity_checked="yes", checks={"u1": "no"}, status=LogStatus.DRAFT,
        )  # fmt: skip
        session.add(log)
        session.flush()
        first = VitalSigns(log_id=log.id, key="a", taken_at=begun, sbp=182, dbp=110, entered_at=begun)
        session.add(first)
        session.flush()
        session.add_all(
            [
                VitalSigns(
                    log_id=log.id, key="b", taken_at=begun, sbp=128, dbp=80, entered_at=begun,
                    replaces_id=first.id, reason="Cuff slipped",
                ),
                AdverseEvent(
                    log_id=log.id, key="c", term="Nausea", onset_at=begun, grade=2, action="watched",
                    outcome="resolved", changed_at=begun,
                ),
                PatientCaution(patient_id=1, kind="allergy", words="Penicillin", noted_at=NOW),
            ]
        )  # fmt: skip
        add_rating(session, visits[0], TimePoint.BASELINE, 14, instrument=GAD7)
        add_rating(session, visits[0], TimePoint.PRE, 3)
        merged = make_patient(session, clinic.site, 2, given_name="M.")
        merged.archived_at, merged.merged_into_id = NOW, clinic.patient.id
        return clinic


@pytest.fixture
def chart(database: Database) -> SmallClinic:
    """The charted clinic, on SQLite and PostgreSQL in turn."""
    return charted(database)


@pytest.fixture
def fast_chart(sqlite: Database) -> SmallClinic:
    """The same on SQLite alone."""
    return charted(sqlite)
