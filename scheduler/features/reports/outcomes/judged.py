"""How each course ended on its instrument: the rules of `ratings.progress`, over all courses at once.

The end of a course is its last complete rating before the weekly ones of the eight weeks after; what those
say is counted by itself, as who is still well. Another version of an instrument is another measurement: the
newest one that has both a baseline and a rating after it is taken.
"""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from scheduler.features.ratings.instruments import Instrument
from scheduler.features.ratings.own.known import known
from scheduler.features.reports.outcomes.cells import Mask, Whole
from scheduler.features.reports.outcomes.cohort import Cohort
from scheduler.features.reports.queries.sql import columns, epoch

# How many infusions had been given before a rating follows from its time point.
RATINGS = """
    SELECT r.course_id, r.instrument_version, {at}, r.id, r.total, r.week,
      CASE r.time_point WHEN 'pre' THEN i.number - 1 ELSE coalesce(i.number, 0) END
    FROM ratings r LEFT JOIN infusions i ON i.id = r.infusion_id
    WHERE r.instrument = :code AND r.voided_at IS NULL AND r.total IS NOT NULL
"""
NEVER = -1


@dataclass(frozen=True, eq=False)
class Judged:
    """One entry for each course of a cohort: whether it can be judged, and how it ended.

    `first_after` is how many infusions preceded the first rating that is a response. `has_mark` says that the
    instrument knows a remission, `has_worse` a worsening. `rated` and `well`, by week, are who was rated then
    and whose rating was still a response.
    """

    is_judged: Mask
    responds: Mask
    remits: Mask
    worse: Mask
    has_mark: Mask
    has_worse: Mask
    first_after: Whole
    rated: dict[int, Mask]
    well: dict[int, Mask]


def judge(session: Session, cohort: Cohort, code: str, weeks: tuple[int, ...]) -> Judged:
    """Judge every course on `code`, on its protocol's primary instrument where that is empty."""
    everything = known(session)
    none = [np.zeros(len(cohort.ids), bool) for _ in range(6)]
    found = Judged(
        is_judged=none[0],
        responds=none[1],
        remits=none[2],
        worse=none[3],
        has_mark=none[4],
        has_worse=none[5],
        first_after=np.full(len(cohort.ids), NEVER, np.int64),
        rated={week: np.zeros(len(cohort.ids), bool) for week in weeks},
        well={week: np.zeros(len(cohort.ids), bool) for week in weeks},
    )
    for each in [code] if code else sorted(set(cohort.primaries.values())):
        theirs = [bool(code) or cohort.primaries[version] == each for version in cohort.versions.tolist()]
        query = RATINGS.format(at=epoch(session, "r.rated_at"))
        rows = np.array(list(columns(session, query, {"code": each}, 7)))
        ours, place = cohort.at(rows[0])
        asked = np.array(theirs, bool)[place]
        rows = np.vstack([place[asked], rows[1:, ours[asked]]])
        for version in np.unique(rows[1]).tolist():
            _judge_one(cohort, rows[:, rows[1] == version], everything[each, version], found)
    return found


def _judge_one(cohort: Cohort, rows: Whole, instrument: Instrument, found: Judged) -> None:
    """Judge the courses that one version of one instrument was answered in; write them into `found`."""
    place, _, at, _, total, week, after = rows[:, np.lexsort((rows[3], rows[2], rows[0]))]
    many = len(cohort.ids)
    before = at <= cohort.began_at[place]
    base = np.full(many, NEVER)
    base[place[before]] = total[before]  # In the order of time, so the last one stays.
    later = ~before & (base[place] > 0)
    inside = later & (week == 0)
    last = np.full(many, NEVER)
    last[place[inside]] = total[inside]
    ours = last != NEVER
    response = later & (2 * total <= base[place])
    first = np.full(many, NEVER)
    reached = (inside & response)[::-1]
    first[place[::-1][reached]] = after[::-1][reached]  # Backwards in time, so the first one stays.
    mark, change = instrument.remission_at_most, instrument.worsening
    _write(found.is_judged, ours, ours)
    _write(found.responds, ours, 2 * last <= base)
    _write(found.has_mark, ours, np.full(many, mark is not None))
    _write(found.remits, ours, (base > mark) & (last <= mark) if mark is not None else np.zeros(many, bool))
    _write(found.has_worse, ours, np.full(many, change is not None))
    _write(found.worse, ours, last - base >= change.points if change is not None else np.zeros(many, bool))
    found.first_after[ours] = first[ours]
    for number in found.rated:
        then = week == number
        for mask, which in ((found.rated, then & later), (found.well, then & response)):
            there = np.zeros(many, bool)
            there[place[which]] = True
            _write(mask[number], ours, there)


def _write(into: Mask, where: Mask, what: Mask) -> None:
    into[where] = what[where]
