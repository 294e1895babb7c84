"""Saving one part of a draft: what can be taken is taken, the rest comes back with its reason.

Answer by answer, so that one slip of the finger holds up nothing beside it, and so that two people who type
different answers never hear of each other (`scheduler.merging`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.screening.form import form_of
from scheduler.features.intake.screening.form.shape import YES, Field
from scheduler.features.intake.screening.problems import Problem
from scheduler.features.intake.screening.queries.rows import saves_of, screening, whose
from scheduler.features.intake.screening.values import read_answer, said
from scheduler.features.tasks.alerting.of_screening import raise_of_screening
from scheduler.merging import Merged, merge
from scheduler.models import Screening, ScreeningSave

SIGNED = "This screening is signed. What has to be set right becomes an addendum beside it."


@dataclass(frozen=True)
class Wrote:
    """What somebody sent of a part: the version of the screening they saw, and their texts by field."""

    part: str
    seen: int
    texts: Mapping[str, str]


def save_part(
    session: Session, actor: Actor, at: datetime, screening_id: int, wrote: Wrote
) -> Sequence[Problem]:
    """Save what can be saved; gives what was not. Raises NotFoundError, and RuleError once it is signed."""
    row = screening(session, screening_id, locked=True)
    if row.signed_at is not None:
        raise RuleError(SIGNED)
    part = form_of(row.form).part(wrote.part)
    if part is None:
        raise NotFoundError("A screening has no such part.")
    fields = {name: field for name, field in part.fields() if name in wrote.texts}
    taken, problems = _read(fields, wrote.texts, whose(session, row).day(at))
    merged, by = _merged(session, row, wrote.seen, taken)
    _write(session, actor, at, row, {name: taken[name] for name in taken if name in merged.write})
    problems += [
        _clash(fields[name], name, taken[name], row, by[name]) for name in taken if name in merged.clash
    ]
    return problems


def _read(
    fields: Mapping[str, Field], texts: Mapping[str, str], today: date
) -> tuple[dict[str, str], list[Problem]]:
    taken, problems = {}, []
    for name, field in fields.items():
        try:
            taken[name] = read_answer(field, texts[name], today)
        except RuleError as error:
            problems.append(Problem(name, error.sentence, texts[name]))
    return taken, problems


def _merged(
    session: Session, row: Screening, seen: int, taken: Mapping[str, str]
) -> tuple[Merged, dict[str, str]]:
    """What the writer changed, and what was changed under their eyes, with who changed each field since.

    A form holds all answers of its part: those that its writer only read, an emptied one too, are not theirs.
    """
    before: dict[str, str] = dict(row.answers)
    by: dict[str, str] = {}
    for save, name in reversed(saves_of(session, row.id)):
        if save.version > seen:
            before |= {field: was for field, (was, _) in save.changes.items()}
            by = dict.fromkeys(save.changes, name) | by
    return merge(before, taken, row.answers), by


def _clash(field: Field, name: str, mine: str, row: Screening, by: str) -> Problem:
    theirs = row.answers.get(name, "")
    stands, wanted = (said(field, text) or "nothing" for text in (theirs, mine))
    sentence = f"{field.label}: {by} changed it to “{stands}” meanwhile. You wrote “{wanted}”."
    return Problem(name, f"{sentence} Save again to put yours in its place.", mine, theirs)


def _write(session: Session, actor: Actor, at: datetime, row: Screening, texts: Mapping[str, str]) -> None:
    changes = {name: [row.answers.get(name, ""), text] for name, text in texts.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes or actor.user_id is None:
        return
    merged = {**row.answers, **{name: pair[1] for name, pair in changes.items()}}
    row.answers = {name: text for name, text in merged.items() if text}
    row.version += 1
    session.add(
        ScreeningSave(screening_id=row.id, version=row.version, at=at, by_id=actor.user_id, changes=changes)
    )
    session.flush()
    fields = sorted(changes)
    record(session, actor, at, "screening.saved", "screening", row.id, row.patient_id, fields=fields)
    if changes.get("suicidality", ["", ""])[1] == YES:
        raise_of_screening(session, actor, at, row)
