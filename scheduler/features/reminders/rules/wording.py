"""The clinic's own words: judged before they are saved, saved over the version that was seen, taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.reminders.rules.kinds import NEEDED, Kind
from scheduler.features.reminders.rules.preview import longest, preview
from scheduler.features.reminders.rules.queries import own_row, sites_in_use
from scheduler.models import MessageTemplate, Protocol, Site
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.errors import RenderError
from scheduler.rendering.language import load
from scheduler.rendering.plain import is_one_line
from scheduler.rendering.sms import SINGLE, WIDE_SINGLE
from scheduler.rendering.words import Own, listed, unknown_places

LONGEST_SUBJECT, LONGEST_BODY = 120, 2_000


def judge(kind: Kind, own: Own, sites: Sequence[Site], now: datetime, base_url: str) -> dict[str, str]:
    """What is wrong with the words, by field; empty where they can be saved for all these sites."""
    errors = _each(kind, own)
    if kind.is_text and not errors:
        errors |= _length(kind, own, sites, now, base_url)
    return errors


def _each(kind: Kind, own: Own) -> dict[str, str]:
    errors = {}
    if not kind.is_text and (wrong := _line(kind, own.subject, LONGEST_SUBJECT)):
        errors["subject"] = wrong
    wrong = _line(kind, own.body.replace("\r\n", " ").replace("\n", " "), LONGEST_BODY)
    missing = [name for name in NEEDED if kind.is_text and "{" + name + "}" not in own.body]
    if wrong:
        errors["body"] = wrong
    elif missing:
        errors["body"] = f"A text message needs {listed(missing)} too."
    return errors


def _line(kind: Kind, words: str, longest_allowed: int) -> str:
    """What is wrong with one field, or nothing."""
    if not words.strip():
        return "Write what the patient reads, or go back to Sixfold’s own words."
    if len(words) > longest_allowed:
        return f"Use at most {longest_allowed} characters."
    if not is_one_line(words):
        return "Leave out control characters: patients' phones show them as boxes."
    if unknown := unknown_places(words, kind.places):
        return f"{unknown[0]} can't be filled in. There are {listed(kind.places)}."
    if banned := find_banned(words, load(kind.language).banned):
        return f"“{banned[0]}” tells what patients come for. Say it without: others see the phone."
    return ""


def _length(kind: Kind, own: Own, sites: Sequence[Site], now: datetime, base_url: str) -> dict[str, str]:
    """One text of 160 characters on the longest day of the year, at each site."""
    for site in sites:
        try:
            fit = preview(kind, own, site, longest(site, now, base_url, kind.language)).fit
        except RenderError as error:
            return {"body": error.sentence}
        if fit is None or fit.is_one:
            continue
        if fit.unusual:
            odd = " ".join(fit.unusual)
            return {"body": f"Leave out {odd}: with it a text holds {WIDE_SINGLE} characters, not {SINGLE}."}
        over = fit.characters - SINGLE
        return {
            "body": f"With the facts of {site.name} this takes {fit.characters} characters, {over} too many."
        }
    return {}


def save_words(
    session: Session, actor: Actor, at: datetime, kind: Kind, own: Own, *, seen: int, base_url: str
) -> MessageTemplate:
    """Save the words over version `seen` (0: those that ship).

    Raises RuleError with `errors` by field, and ConflictError with `theirs` where somebody saved first.
    """
    errors = judge(kind, own, sites_in_use(session), at, base_url)
    if errors:
        raise RuleError(" ".join(errors.values()), errors=errors)
    if kind.protocol_id is not None and session.get(Protocol, kind.protocol_id) is None:
        raise NotFoundError("There is no such protocol. Choose one of the list.")
    row = _seen(session, kind, seen)
    if row is None:
        row = MessageTemplate(
            protocol_id=kind.protocol_id,
            purpose=kind.purpose,
            channel=kind.channel,
            language=kind.language,
            version=0,
        )
        session.add(row)
    row.subject, row.body = None if kind.is_text else own.subject, own.body
    row.version, row.updated_at, row.updated_by_id = row.version + 1, at, actor.user_id
    session.flush()
    _note(session, actor, at, "saved", kind, {"subject": own.subject, "body": own.body})
    return row


def reset_words(session: Session, actor: Actor, at: datetime, kind: Kind, *, seen: int) -> None:
    """Take back the words that ship. Raises ConflictError where somebody saved first."""
    row = _seen(session, kind, seen)
    if row is not None:
        session.delete(row)
        session.flush()
        _note(session, actor, at, "reset", kind, {})


def _seen(session: Session, kind: Kind, seen: int) -> MessageTemplate | None:
    row = own_row(session, kind, lock=True)
    if (row.version if row else 0) != seen:
        raise ConflictError(
            "These words were changed while you had them open. Nothing was saved; yours are still here.",
            stale=True,
        )
    return row


def _note(
    session: Session, actor: Actor, at: datetime, what: str, kind: Kind, words: Mapping[str, Any]
) -> None:
    record(
        session,
        actor,
        at,
        f"words.{what}",
        "words",
        None,
        purpose=kind.purpose.value,
        channel=kind.channel.value,
        language=kind.language,
        protocol=kind.protocol_id,
        **words,
    )
