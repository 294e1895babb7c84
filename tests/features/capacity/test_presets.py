"""The five protocols a clinic starts with, number by number as CLINICAL.md section 1 has them."""

import pytest
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.errors import NotFoundError
from scheduler.features.capacity.presets import install_presets
from scheduler.features.capacity.queries import current_protocols, protocol_version, protocols_with_versions
from scheduler.models import AuditEvent, ProtocolVersion
from tests.support.clinic import NOW

TABLE = {
    "Loading, 3 × week": (6, 2, 3, 2, 11, 14, 5, 21),
    "Loading, 2 × week": (6, 3, 4, 3, 16, 21, 7, 28),
    "Loading, flexible": (6, 2, 7, 3, 11, 28, 10, 35),
    "Compressed (travellers)": (6, 1, 3, 2, 6, 12, 4, 16),
    "Booster": (1, 1, 1, 1, 1, 1, 1, 1),
}


def rules(version: ProtocolVersion) -> tuple[int, ...]:
    return (
        version.infusions,
        version.gap_min,
        version.gap_max,
        version.gap_target,
        version.span_min,
        version.span_max,
        version.recovery_gap_max,
        version.recovery_span_max,
    )


def test_the_presets_are_those_of_the_clinical_table(database: Database) -> None:
    with database.write() as session:
        installed = install_presets(session, COMMAND, NOW)
        assert {name: rules(version) for name, version in installed.items()} == TABLE
        for version in installed.values():
            assert version.visit_minutes == 120
            assert [
                (phase.name, phase.minutes, phase.patients_per_nurse, phase.clinician_present)
                for phase in version.phases
            ] == [
                ("Preparation", 20, 1, False),
                ("Infusion", 40, 4, True),
                ("Recovery", 50, 6, False),
                ("Discharge", 10, 1, False),
            ]
            assert [phase.nurse_load for phase in version.phases] == [12, 3, 2, 12]


def test_presets_are_installed_once_and_each_leaves_its_audit_row(database: Database) -> None:
    with database.write() as session:
        first = {name: version.id for name, version in install_presets(session, COMMAND, NOW).items()}
    with database.write() as session:
        again = {name: version.id for name, version in install_presets(session, COMMAND, NOW).items()}
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert again == first
    assert [event.action for event in events] == ["protocol.created"] * 5


def test_a_protocol_is_offered_in_its_newest_version_until_it_is_archived(database: Database) -> None:
    with database.write() as session:
        installed = install_presets(session, COMMAND, NOW)
        old = installed["Booster"]
        session.add(
            ProtocolVersion(
                protocol_id=old.protocol_id,
                version=2,
                **{
                    name: getattr(old, name)
                    for name in ("infusions", "gap_min", "gap_max", "gap_target", "span_min", "span_max")
                },
                recovery_gap_max=1,
                recovery_span_max=1,
                created_at=NOW,
            )
        )
        installed["Loading, flexible"].protocol.archived_at = NOW
        archived = installed["Loading, flexible"].id
    with database.read() as session:
        offered = [(version.protocol.name, version.version) for version in current_protocols(session)]
        everything = [protocol.name for protocol in protocols_with_versions(session)]
        assert protocol_version(session, archived).protocol.name == "Loading, flexible"
        with pytest.raises(NotFoundError):
            protocol_version(session, 9999)
    assert offered == [
        ("Loading, 3 × week", 1),
        ("Loading, 2 × week", 1),
        ("Compressed (travellers)", 1),
        ("Booster", 2),
    ]
    assert everything[-1] == "Loading, flexible"
