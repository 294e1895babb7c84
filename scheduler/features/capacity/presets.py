"""The five protocols that a clinic starts with (CLINICAL.md, section 1).

They are defaults that a clinic can change, never rules of the program: no standard exists, and
prescribing stays with the clinician. Gaps and spans are calendar days at the clinic; the span
counts both ends.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.models import Protocol, ProtocolPhase, ProtocolVersion


@dataclass(frozen=True)
class Preset:
    """The numbers of one preset: gap and span as (least, most), `recovery` as most gap and most span."""

    name: str
    infusions: int
    gap: tuple[int, int]
    gap_target: int
    span: tuple[int, int]
    recovery: tuple[int, int]


PRESETS = (
    Preset("Loading, 3 × week", 6, (2, 3), 2, (11, 14), (5, 21)),
    Preset("Loading, 2 × week", 6, (3, 4), 3, (16, 21), (7, 28)),
    Preset("Loading, flexible", 6, (2, 7), 3, (11, 28), (10, 35)),
    Preset("Compressed (travellers)", 6, (1, 3), 2, (6, 12), (4, 16)),
    Preset("Booster", 1, (1, 1), 1, (1, 1), (1, 1)),
)

# Name, minutes, patients whom one nurse may watch, whether a clinician is on site.
PHASES = (
    ("Preparation", 20, 1, False),
    ("Infusion", 40, 4, True),
    ("Recovery", 50, 6, False),
    ("Discharge", 10, 1, False),
)


def install_presets(session: Session, actor: Actor, at: datetime) -> dict[str, ProtocolVersion]:
    """Add the presets that are not there yet; name to newest version, in the order of the table."""
    names = [preset.name for preset in PRESETS]
    known = {
        protocol.name: protocol
        for protocol in session.scalars(
            select(Protocol).where(Protocol.name.in_(names)).order_by(Protocol.id)
        )
    }
    return {
        preset.name: known[preset.name].versions[0]
        if preset.name in known
        else _install(session, actor, at, preset, position)
        for position, preset in enumerate(PRESETS)
    }


def _install(session: Session, actor: Actor, at: datetime, preset: Preset, position: int) -> ProtocolVersion:
    protocol = Protocol(name=preset.name, position=position)
    version = ProtocolVersion(
        protocol=protocol,
        version=1,
        infusions=preset.infusions,
        gap_min=preset.gap[0],
        gap_max=preset.gap[1],
        gap_target=preset.gap_target,
        span_min=preset.span[0],
        span_max=preset.span[1],
        recovery_gap_max=preset.recovery[0],
        recovery_span_max=preset.recovery[1],
        created_at=at,
        created_by_id=actor.user_id,
        phases=[
            ProtocolPhase(
                position=place,
                name=name,
                minutes=minutes,
                patients_per_nurse=patients,
                clinician_present=clinician,
            )
            for place, (name, minutes, patients, clinician) in enumerate(PHASES)
        ],
    )
    session.add(protocol)
    session.flush()
    record(session, actor, at, "protocol.created", "protocol", protocol.id, version=1, preset=True)
    return version
