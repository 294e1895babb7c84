"""Saving one part of a log: what can be taken is taken, the rest comes back with its reason.

A part is saved field by field, so that one slip of the finger holds up nothing beside it, and so that two
people who chart different fields of one part never hear of each other (`merging`). Sending the same
save twice changes nothing the second time: it writes what stands there already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.infusion_logs.actions.opened import OpenLog, open_log
from scheduler.features.infusion_logs.checking import WORKED_FROM, Around, cross_check
from scheduler.features.infusion_logs.domain.dose import rate_of, work_out
from scheduler.features.infusion_logs.fields import BY_NAME, CONSENT, FIELDS, YES, Field, Part, fields_of
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.problems import Problem, Trouble
from scheduler.features.infusion_logs.queries.around import around
from scheduler.features.infusion_logs.queries.consents import ticks_itself
from scheduler.features.infusion_logs.queries.rules import checks_of
from scheduler.features.infusion_logs.queries.saves import (
    Save,
    changed_by,
    last_save,
    saves_of,
    seen_before,
)
from scheduler.features.infusion_logs.stored import put, text_of, value_of
from scheduler.features.infusion_logs.values import Value, from_plain, plain, read_field, show_field
from scheduler.merging import merge
from scheduler.models import InfusionLog, InfusionLogSave

CLINICIAN_ONLY = "Only a clinician can write why a patient left against the list. Call one."


@dataclass(frozen=True)
class Wrote:
    """What somebody sent: the part, the version of it they saw, their texts, their yeses to questions.

    `by_clinician` says whether they may let a patient leave against the list.
    """

    part: Part
    seen: int
    texts: Mapping[str, str]
    sure: frozenset[str] = frozenset()
    by_clinician: bool = False


@dataclass
class Sorting:
    """What of it can be taken, and why the rest can not."""

    taken: dict[str, Value] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def save_part(
    session: Session, actor: Actor, at: datetime, infusion_id: int, wrote: Wrote
) -> Sequence[Problem]:
    """Save what can be saved; gives what was not, field by field. Raises NotFoundError and RuleError."""
    opened = open_log(session, at, infusion_id)
    answered = frozenset(opened.log.checks)
    fields = {
        each.name: each for each in fields_of(wrote.part, checks_of(session, opened.visit.site_id, answered))
    }
    saves = saves_of(session, opened.log.id)
    sorting = _sorted(opened, fields, saves, wrote)
    _together(session, at, opened, wrote, sorting)
    taken = {fields[name]: value for name, value in sorting.taken.items()}
    _write(session, actor, at, opened, saves, taken | _consent(session, opened, taken))
    return sorting.problems


def _sorted(opened: OpenLog, fields: Mapping[str, Field], saves: list[Save], wrote: Wrote) -> Sorting:
    """Each text against what its writer saw and what stands there now."""
    log, place, sorting = opened.log, opened.place, Sorting()
    stands = {name: text_of(log, each, place) for name, each in fields.items()}
    older = seen_before(saves, wrote.part, wrote.seen)
    seen = stands | {
        name: show_field(fields[name], from_plain(fields[name], kept), place)
        for name, kept in older.items()
        if name in fields
    }
    texts = {name: text for name, text in wrote.texts.items() if name in fields}
    merged = merge(seen, {name: _as_shown(fields[name], text, place) for name, text in texts.items()}, stands)
    for name in fields:
        if name in merged.clash:
            sorting.problems.append(_clash(fields[name], saves, texts[name], stands[name], opened))
        elif name in merged.write and name == "leave_reason" and not wrote.by_clinician:
            sorting.problems.append(Problem(name, Trouble.REFUSED, CLINICIAN_ONLY, texts[name]))
        elif name in merged.write:
            _read(fields[name], texts[name], opened, wrote.sure, sorting)
    return sorting


def _as_shown(each: Field, text: str, place: Place) -> str:
    """A text as the page would show its value: "70" and "70,0" are one weight."""
    try:
        return show_field(each, read_field(each, text, place).value, place)
    except RuleError:
        return text


def _read(each: Field, text: str, opened: OpenLog, sure: frozenset[str], sorting: Sorting) -> None:
    try:
        read = read_field(each, text, opened.place)
    except RuleError as error:
        sorting.problems.append(Problem(each.name, Trouble.REFUSED, error.sentence, text))
        return
    asked = Problem(each.name, Trouble.ASK, read.ask, text)
    if read.ask and asked.answer not in sure:
        sorting.problems.append(asked)
    else:
        sorting.taken[each.name] = read.value


def _clash(each: Field, saves: list[Save], mine: str, theirs: str, opened: OpenLog) -> Problem:
    who = changed_by(saves, each.part, each.name)
    said = f"{who.by} changed it at {opened.place.said(who.at)}" if who else "Somebody changed it"
    words = dict(each.options)
    stands, wanted = (words.get(text, text) or "nothing" for text in (theirs, mine))
    sentence = (
        f"{each.label}: {said} to “{stands}”. You wrote “{wanted}”. Save again to put yours in its place."
    )
    return Problem(each.name, Trouble.CLASH, sentence, mine, theirs)


def _together(
    session: Session,
    at: datetime,
    opened: OpenLog,
    wrote: Wrote,
    sorting: Sorting,
) -> None:
    """Take back what is wrong only beside other fields."""
    if not sorting.taken:
        return
    values = {each.name: value_of(opened.log, each) for each in FIELDS} | sorting.taken
    start = sorting.taken.get("started_at")
    about: Around = around(
        session,
        at,
        opened.log,
        opened.visit,
        opened.place,
        opened.rules,
        start if isinstance(start, datetime) else at,
    )
    for name, trouble, sentence in list(cross_check(values, frozenset(sorting.taken), about)):
        problem = Problem(name, trouble, sentence, wrote.texts.get(name, ""))
        if trouble is Trouble.ASK and problem.answer in wrote.sure:
            continue
        sorting.taken.pop(name, None)
        sorting.problems.append(problem)


def _write(
    session: Session,
    actor: Actor,
    at: datetime,
    opened: OpenLog,
    saves: list[Save],
    taken: dict[Field, Value],
) -> None:
    changes: dict[Part, dict[str, list[str | int | None]]] = {}
    for each, value in (taken | _settled(opened.log, taken)).items():
        before = value_of(opened.log, each)
        if before != value:
            changes.setdefault(each.part, {})[each.name] = [plain(before), plain(value)]
            put(opened.log, each, value)
    for part, fields in changes.items():
        last = last_save(saves, part)
        session.add(
            InfusionLogSave(
                log_id=opened.log.id,
                part=part.value,
                version=last.version + 1 if last else 1,
                at=at,
                by_id=actor.user_id,
                changes=fields,
            )
        )
        audit.record(
            session,
            actor,
            at,
            "infusion_log.saved",
            "infusion",
            opened.visit.id,
            opened.visit.patient_id,
            part=part.value,
            fields=sorted(fields),
        )
    session.flush()


def _consent(session: Session, opened: OpenLog, taken: Mapping[Field, Value]) -> dict[Field, Value]:
    """The consent's own tick, kept with whatever is saved first once it can be given."""
    consent = BY_NAME[CONSENT]
    if not taken or consent in taken or value_of(opened.log, consent) is not None:
        return {}
    return {consent: YES} if ticks_itself(session, opened.visit, opened.place.zone) else {}


def _settled(log: InfusionLog, taken: Mapping[Field, Value]) -> dict[Field, Value]:
    """Dose and rate that were left to be worked out become what was given once the infusion has started."""
    values = {each.name: value_of(log, each) for each in FIELDS} | {
        each.name: value for each, value in taken.items()
    }
    if values["started_at"] is None:
        return {}
    known: dict[Field, Value] = {}
    weight, per_kg, per_ml, minutes = (_whole(values[name]) for name in WORKED_FROM)
    worked = work_out(weight, per_kg, per_ml, minutes)
    dose = _whole(values["dose_ug"])
    if dose is None and worked.dose_ug is not None:
        dose = known[BY_NAME["dose_ug"]] = worked.dose_ug
    if values["rate_ug_per_h"] is None and dose is not None and minutes:
        known[BY_NAME["rate_ug_per_h"]] = rate_of(dose, minutes)
    return known


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None
