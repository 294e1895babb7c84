"""What the page shows before two records become one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from scheduler.features.patients.data import PatientData
from scheduler.features.patients.merging.tables import MOVED, rows_of
from scheduler.features.patients.merging.values import differing
from scheduler.features.patients.queries import (
    PatientHit,
    facts,
    likely_the_same,
    obstacles,
    open_sites,
    search,
)
from scheduler.features.patients.queries import patient as get_patient
from scheduler.features.patients.words import LABELS, said
from scheduler.models import Patient


@dataclass(frozen=True)
class Choice:
    """One field that differs, both values in words."""

    name: str
    label: str
    kept: str
    other: str


@dataclass(frozen=True)
class MergePage:
    """Both records, what is chosen between them, what moves, what stands in the way.

    Without an `other` one it is to be found: `hits` are who fits `q`, or who looks the same.
    """

    kept: Patient
    other: Patient | None = None
    choices: tuple[Choice, ...] = ()
    moves: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    q: str = ""
    hits: tuple[PatientHit, ...] = ()
    take: frozenset[str] = field(default_factory=frozenset)


def find_page(session: Session, kept_id: int, q: str) -> MergePage:
    """Which other record? Raises NotFoundError for an unknown patient."""
    kept = get_patient(session, kept_id)
    values: dict[str, Any] = facts(kept)
    found = search(session, q) if q else likely_the_same(session, PatientData(**values), limit=7)
    return MergePage(kept, q=q, hits=tuple(hit for hit in found if hit.patient_id != kept_id)[:6])


def merge_page(session: Session, kept_id: int, other_id: int, take: frozenset[str]) -> MergePage:
    """Both side by side. Raises NotFoundError where one of them is unknown."""
    kept, other = get_patient(session, kept_id), get_patient(session, other_id)
    sites = {str(site.id): site.name for site in open_sites(session, also=other.site_id)}
    places = {site.id: site.country for site in open_sites(session, also=kept.site_id)}
    country = places.get(kept.site_id, "")
    choices = tuple(
        Choice(name, LABELS[name], said(name, one, sites, country), said(name, two, sites, country))
        for name, (one, two) in differing(kept, other).items()
    )
    return MergePage(
        kept, other, choices, _moves(rows_of(session, other.id)), tuple(obstacles(session, kept, other)),
        take=take,
    )  # fmt: skip


def _moves(rows: Mapping[str, list[Any]]) -> tuple[str, ...]:
    """`2 courses with their visits and what waits for them`, `12 messages`."""
    found = []
    for name, (one, several) in MOVED.items():
        count = len(rows[name])
        if count:
            more = " with all visits, notes and places on the waiting list" if name == "courses" else ""
            found.append(f"{count} {one if count == 1 else several}{more}")
    return tuple(found)
