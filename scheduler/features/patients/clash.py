"""Two people saved one patient: what the second one sees, and how they take the first one's values over."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler.features.patients.data import Clash
from scheduler.features.patients.forms import PatientForm
from scheduler.features.patients.words import LABELS, said


@dataclass(frozen=True)
class Difference:
    """One field with both values in words."""

    name: str
    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class ShownClash:
    """Who was first and when (local to the site), and what differs."""

    by: str
    at: datetime
    differences: tuple[Difference, ...]


def shown_clash(clash: Clash, local_at: datetime, sites: dict[str, str], country: str) -> ShownClash:
    """The clash in words; `sites` are names by id as text."""
    return ShownClash(
        clash.changed_by,
        local_at,
        tuple(
            Difference(
                name,
                LABELS[name],
                said(name, clash.theirs[name], sites, country),
                said(name, clash.mine[name], sites, country),
            )
            for name in clash.theirs
        ),
    )


def with_theirs(form: PatientForm, theirs: PatientForm, names: Iterable[str]) -> PatientForm:
    """The form with the fields `names` as the first person left them; all else stays as typed."""
    wanted = set(names)
    taken = {name: theirs.typed[name] for name in form.typed if name in wanted}
    changed = replace(form, typed={**form.typed, **taken})
    if "windows" in wanted:
        changed = replace(changed, ticks=theirs.ticks, hours=theirs.hours)
    if "blackouts" in wanted:
        changed = replace(changed, away=theirs.away)
    return changed
