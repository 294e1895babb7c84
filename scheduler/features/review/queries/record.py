"""The course log as plain facts: what is signed, printed, drawn and exchanged.

The facts, all plain JSON data (instants as `2026-11-02T15:00:00Z`, whole grams, micrograms and minutes):

format      FORMAT
course      id, status, status_reason, bend, bend_reason, booked_at, entered, closed_at
patient     id, record_number, given_name, family_name, birth_date, language
site        id, code, name, tz
protocol    name, version, infusions, gap_min ..., phases: [name, minutes, clinician_present]
cautions    [kind, words, noted_at]
visits      [id, number, status, day, chair, starts_at ..., log], cancelled and missed ones too, by date
  .log      None, or the fields of features/infusion_logs/fields.py by name, and: begun_at, rules,
            checks [id, words, answer], vitals [..., by, actions], events, rescue, pauses (those with
            struck_at were struck out)
ratings     [id, instrument, name, time_point, number, week, answers, total, band, rated_at, by,
            voided_at ...]
tasks       [id, task, name, version, unit, time_point, number, week, state, reason, form, learned_id,
            practised, language, source, device, input, score, answers_digest, begun_at, ended_at]: runs of
            short tasks; a state other than `complete` or `left_out` was interrupted and has no score
medicines   [id, name, dose, from_day, until_day, noted_at, by, struck_at, struck_reason]
overrides   [rules, reason, at, by, visits]
deviations  [key, number, rule, was, reason, by, at]; `reason` is "" while nobody gave one
missing     [key, slot, name, number, words, reason, by, at]: ratings that were not given in their time
alerts      [id, kind, raised_at, acknowledged_at, what_was_done, by]
signed_by, signed_at   in the bytes of a signed record alone

`course_record` adds what stands beside the bytes: signature (None or by, at, digest), co_signature (None or
the same), log_signatures {infusion id as text: by, at, digest}, addenda [id, infusion_id, number, words,
reason, at, by, digest]. Who did it is None or {id, name}. Once signed the facts come from the signed bytes.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.features.review.deviations import Deviation, deviations_of
from scheduler.features.review.queries.course import (
    Lacks,
    alerts_of,
    cautions_of,
    course_facts,
    lacking_ratings,
    medicines_of,
    overrides_of,
    reasons_of,
)
from scheduler.features.review.queries.ratings import ratings_of
from scheduler.features.review.queries.rows import CourseRows
from scheduler.features.review.queries.signed import beside
from scheduler.features.review.queries.tasks import tasks_of
from scheduler.features.review.queries.visits import visits_of
from scheduler.rendering.canonical import (
    Facts,
    digest_of,
    text_of,
    text_of_list,
    text_of_parts,
)

FORMAT = "sixfold.course-log.1"
LOG_FORMAT = "sixfold.infusion-log.1"
SHARED = ("patient", "site", "cautions")
"""What the record of one infusion holds of the course's."""


def course_record(session: Session, course_id: int, now: datetime) -> Facts:
    """The course log as it is signed, or as it stands at `now`. Raises NotFoundError."""
    return record_of(CourseRows(session, course_id), now)


def record_of(rows: CourseRows, now: datetime) -> Facts:
    """The same from the rows of the course."""
    own = rows.signed.get(None)
    return {**(signed_facts(own) if own else live_record(rows, now)), **beside(rows)}


def signed_facts(row: Any) -> Facts:
    """The facts of a signed record, from its own bytes."""
    facts: Facts = json.loads(row.record)
    return facts


def live_record(rows: CourseRows, now: datetime, lacks: Lacks | None = None) -> Facts:
    """The course log as its rows tell it; weekly ratings and tasks, and alerts, that came after `now` are no
    part of it.

    `lacks` are the ratings that lack, where somebody asked already.
    """
    lost = (lacks or lacking_ratings(rows, now)).lost
    facts: Facts = {
        "format": FORMAT,
        **course_facts(rows.whose),
        "cautions": cautions_of(rows),
        "visits": visits_of(rows),
        "ratings": ratings_of(rows, now),
        "tasks": tasks_of(rows, now),
        "medicines": medicines_of(rows),
        "overrides": overrides_of(rows),
        "alerts": alerts_of(rows, now),
    }
    reasons = reasons_of(rows)
    facts["deviations"] = [_deviation(one, reasons) for one in deviations_of(facts)]
    facts["missing"] = [{**one, **_reason(one["key"], "", reasons)} for one in lost]
    return facts


def log_record(facts: Facts, infusion_id: int) -> Facts:
    """What is signed of one infusion: its part of the course log, with whose it is."""
    visit = next(one for one in facts["visits"] if one["id"] == infusion_id)
    return {
        "format": LOG_FORMAT,
        "course": {"id": facts["course"]["id"]},
        **{name: facts[name] for name in SHARED},
        "visit": visit,
    }


def seen_digests(facts: Facts, infusion_ids: Collection[int]) -> tuple[str, dict[int, str]]:
    """The `facts_digest` of a course log, and of the `log_record` of these infusions: each part is written
    down once.
    """
    visits = {visit["id"]: text_of(visit) for visit in facts["visits"]}
    parts = {name: text_of(part) for name, part in facts.items() if name != "visits"}
    shared = {name: parts[name] for name in SHARED} | {
        "format": text_of(LOG_FORMAT),
        "course": text_of({"id": facts["course"]["id"]}),
    }
    of_logs = {key: text_of_parts({**shared, "visit": visits[key]}) for key in infusion_ids}
    whole = text_of_parts({**parts, "visits": text_of_list(visits.values())})
    return digest_of(whole.encode()), {key: digest_of(text.encode()) for key, text in of_logs.items()}


def _deviation(one: Deviation, reasons: dict[str, Facts]) -> Facts:
    said = {"key": one.key, "number": one.number, "rule": one.rule, "was": one.was}
    return {**said, **_reason(one.key, one.reason, reasons)}


def _reason(key: str, known: str, reasons: dict[str, Facts]) -> Facts:
    return reasons.get(key) or {"reason": known, "by": None, "at": None}
