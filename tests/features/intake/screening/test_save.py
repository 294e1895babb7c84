"""Two people type into one screening, somebody is in danger, and it is asked again before the next course."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.intake.screening.actions.begin import begin_for_patient
from scheduler.features.intake.screening.actions.save import Wrote, save_part
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.features.tasks.alerts import open_alerts
from scheduler.models import Role, Screening, ScreeningSave
from tests.support.clinic import NOW, SmallClinic, make_user, small_clinic
from tests.support.requests import make_request
from tests.support.screenings import begun, clinician_of, signed


def save(
    session: Session, by: Actor, row: Screening, seen: int, **texts: str
) -> list[tuple[str, str | None]]:
    """Save some contraindications; the fields that were not taken, with what stands there in a clash."""
    problems = save_part(session, by, NOW, row.id, Wrote("risks", seen, texts))
    return [(problem.field, problem.theirs) for problem in problems]


def second(session: Session, clinic: SmallClinic) -> Actor:
    """Another clinician."""
    user = make_user(session, Role.CLINICIAN, clinic.site, "second")
    return Actor(user.id, user.name)


def test_two_who_type_at_once_overwrite_each_other_only_knowingly(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        row = begun(session, clinic, {})
        one, two, seen = clinician_of(clinic), second(session, clinic), row.version
        assert save(session, one, row, seen, heart="yes", seizures="no") == []
        assert save(session, two, row, seen, heart="no", aneurysm="no") == [("heart", "yes")]
        assert (row.answers["heart"], row.answers["aneurysm"]) == ("yes", "no")
        assert save(session, two, row, row.version, heart="no") == []
        assert row.answers["heart"] == "no"


def test_a_page_opened_before_takes_nothing_back_that_its_writer_did_not_touch(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = begun(session, clinic, {"seizures": "no"})
        one, two, seen = clinician_of(clinic), second(session, clinic), row.version
        assert save(session, one, row, seen, suicidality="yes", seizures="yes") == []
        assert save(session, two, row, seen, suicidality="", seizures="no", aneurysm="no") == []
        kept = (row.answers["suicidality"], row.answers["seizures"], row.answers["aneurysm"])
        assert kept == ("yes", "yes", "no")


def test_a_slip_holds_up_nothing_beside_it(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = begun(session, clinic, {})
        assert save(session, clinician_of(clinic), row, 0, heart="perhaps", seizures="no") == [
            ("heart", None)
        ]
        assert row.answers["seizures"] == "no" and "heart" not in row.answers


def test_the_same_save_twice_is_one(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = begun(session, clinic, {})
        for _ in range(2):
            save(session, clinician_of(clinic), row, 0, heart="no")
        assert len(session.scalars(select(ScreeningSave)).all()) == 1


def test_nothing_is_typed_into_a_signed_screening(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = signed(session, clinic, begun(session, clinic), "not_now", "Later")
        with pytest.raises(RuleError, match="signed"):
            save(session, clinician_of(clinic), row, row.version, heart="yes")


def test_active_suicidality_alerts_once_until_a_clinician_wrote_what_was_done(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        row, by = begun(session, clinic, {}, make_request(session, clinic)), clinician_of(clinic)
        save(session, by, row, 0, suicidality="yes")
        save(session, by, row, row.version, suicidality="no")
        save(session, by, row, row.version, suicidality="yes")
        waiting = open_alerts(session)
        assert [(one.kind, one.patient, one.patient_id) for one in waiting] == [
            ("suicidality", "Ines Okafor1", None)
        ]
        acknowledge(session, by, NOW, waiting[0].id, "Stayed with her, sister came")
        assert open_alerts(session) == []


def test_a_new_screening_asks_again_and_takes_over_what_hardly_changes(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        old = signed(session, clinic, begun(session, clinic))
        new = begin_for_patient(session, clinician_of(clinic), NOW, clinic.patient.id)
        assert new.previous_id == old.id
        assert new.answers["trials.1.medicine"] == "Sertraline" and "heart" not in new.answers
        assert begin_for_patient(session, clinician_of(clinic), NOW, clinic.patient.id).id == new.id
