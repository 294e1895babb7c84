"""Adverse events of the infusions of a cohort, by the dose that was given for each kilogram."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.features.reports.outcomes.cells import LEAST, Mask, Whole, is_safe, joined, put_together
from scheduler.features.reports.outcomes.cohort import Cohort
from scheduler.features.reports.outcomes.interval import Line
from scheduler.features.reports.queries.sql import columns

SERIOUS = 3
EDGES = (450, 550, 750, 1000)
"""Where a band of doses ends and the next begins, in micrograms for each kilogram."""
INFUSIONS = """
    SELECT i.course_id, i.patient_id, l.id, (1000 * l.dose_ug + l.weight_g / 2) / l.weight_g
    FROM infusion_logs l JOIN infusions i ON i.id = l.infusion_id
    WHERE l.started_at IS NOT NULL AND l.dose_ug IS NOT NULL AND l.weight_g IS NOT NULL
    ORDER BY l.id
"""
EVENTS = """
    SELECT e.log_id, e.grade, e.term FROM adverse_events e
    WHERE e.struck_at IS NULL ORDER BY e.log_id, e.id
"""


@dataclass(frozen=True)
class Events:
    """Infusions with an event by dose, `whole` for all doses, and by term; empty where nothing is told."""

    doses: tuple[Line, ...]
    whole: Line | None
    terms: tuple[Line, ...]


NO_EVENTS = Events((), None, ())


def events_of(session: Session, cohort: Cohort) -> Events:
    """Count the infusions whose log holds a start, a dose and a weight. Struck out events don't count."""
    rows = np.array(list(columns(session, INFUSIONS, {}, 4)))
    known, _ = cohort.at(rows[0])
    _, patients, logs, dose = rows[:, known]
    grade = np.zeros(len(logs), np.int64)
    terms: dict[str, Mask] = {}
    for log, severity, term in session.connection().execute(text(EVENTS)):
        at = int(np.searchsorted(logs, log))
        if at < len(logs) and logs[at] == log:
            grade[at] = max(grade[at], severity)
            terms.setdefault(term, np.zeros(len(logs), bool))[at] = True
    if len(np.unique(patients)) < LEAST:
        return NO_EVENTS
    band = np.digitize(dose, EDGES)
    bands = [band == number for number in range(len(EDGES) + 1)]
    return _told(patients, grade, bands, terms)


def _told(patients: Whole, grade: Whole, bands: list[Mask], terms: dict[str, Mask]) -> Events:
    with_event, serious = grade > 0, grade >= SERIOUS

    def is_told(group: Mask) -> bool:
        return is_safe(patients, group & with_event, group & ~with_event)

    shown = [pair for pair in put_together(bands, is_told) if joined(bands, *pair).any()]
    if not shown:
        return NO_EVENTS
    doses = [_line(patients, joined(bands, *pair), with_event, serious, _doses(*pair)) for pair in shown]
    every = np.ones(len(patients), bool)
    whole = _line(patients, every, with_event, serious, "All doses")
    if any(line.serious is None for line in doses):  # One hidden line is the total less the others.
        whole = Line(whole.label, whole.of, whole.count)
    return Events(tuple(doses), whole, _terms(patients, with_event, terms))


def _line(patients: Whole, group: Mask, with_event: Mask, serious: Mask, label: str) -> Line:
    graver = group & serious
    is_told = is_safe(patients, graver, group & ~serious, group & with_event & ~serious)
    return Line(
        label, int(group.sum()), int((group & with_event).sum()), int(graver.sum()) if is_told else None
    )


def _terms(patients: Whole, with_event: Mask, terms: dict[str, Mask]) -> tuple[Line, ...]:
    """The terms that enough people had, the most frequent first; the rest can't be told apart."""
    lines = [
        Line(term, len(patients), int(mask.sum()))
        for term, mask in terms.items()
        if is_safe(patients, mask, ~mask, with_event & ~mask)
    ]
    return tuple(sorted(lines, key=lambda line: (-(line.count or 0), line.label)))


def _doses(first: int, last: int) -> str:
    """The words for the bands `first` to `last`, in mg/kg."""
    low = f"{EDGES[first - 1] / 1000:.2f}" if first else None
    high = f"{EDGES[last] / 1000:.2f}" if last < len(EDGES) else None
    if low and high:
        return f"{low} to below {high} mg/kg"
    return f"Below {high} mg/kg" if high else f"{low} mg/kg and above" if low else "All doses"
