"""The first part: a site, when it is open, and its chairs."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.setup.asking import Answers
from scheduler.cli.setup.saving import save
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.capacity.actions.chairs import KINDS, add_chair
from scheduler.features.capacity.actions.hours import set_hours
from scheduler.features.capacity.actions.sites import add_site, change_site
from scheduler.features.capacity.queries import site, sites
from scheduler.features.capacity.spans import Span
from scheduler.features.capacity.week_text import parse_week, week_text
from scheduler.features.settings.hours import open_week
from scheduler.features.settings.site_form import ASKED, read_code, read_site, typed_site
from scheduler.features.settings.site_form import Reader as FieldReader
from scheduler.models import Site

USUAL = "Mon-Fri 8-18"
TWO = "Chair 1, Chair 2"
CHAIR = re.compile(r"(.+?)\s*\((\w+)\)")
LONGEST = 40
SAID_ELSEWHERE = ("code", "video_url")
"""The one is asked first, the other can wait until there are consultations."""


def set_up_site(database: Database, answers: Answers) -> int:
    """The facts of one site, new or known by its code; Enter keeps what is there. Gives its id."""
    with database.read() as session:
        known = {place.code: typed_site(place) for place in sites(session)}
    answers.say(f"Sites: {', '.join(known) or 'none yet'}.")
    code = answers.ask("code", "Code of the site (another one adds a site)", next(iter(known), "MC"), _code)
    old = known.get(code)
    typed = dict(old or {}) | {"code": code}
    for each in ASKED:
        if each.name not in SAID_ELSEWHERE:
            default = typed.get(each.name) or _default(each.name, each.default, typed)
            label = f"{each.label}{f' ({each.hint})' if each.hint else ''}"
            typed[each.name] = answers.ask(each.name, label, default, partial(_checked, each.read, typed))
    facts, errors = read_site(typed)
    if facts is None:
        raise RuleError(" ".join(errors.values()))
    if old is None:
        save(database, answers, partial(add_site, facts=facts))
    else:
        save(
            database,
            answers,
            partial(change_site, site_id=_id(database, code), facts=facts, seen=int(old["version"])),
        )
    return _id(database, code)


def set_up_hours(database: Database, answers: Answers, site_id: int) -> dict[int, tuple[Span, ...]]:
    """When the site is open; gives the week."""
    with database.read() as session:
        now = {day.weekday: day.spans for day in open_week(site(session, site_id)).days}
    default = week_text(now) if any(now.values()) else USUAL
    week = answers.ask("hours", "Open (such as Mon-Fri 8-12, 13-18; Sat 9-13)", default, parse_week)
    save(database, answers, partial(set_hours, site_id=site_id, week=week))
    return week


def set_up_chairs(database: Database, answers: Answers, site_id: int) -> None:
    """Chairs that are not there yet."""
    with database.read() as session:
        known = [chair.name for chair in site(session, site_id).chairs]
    answers.say(f"Chairs: {', '.join(known) or 'none yet'}.")
    label = "Chairs to add, with commas; a bed is “Bed 1 (bed)”; - for none"
    wanted = answers.ask("chairs", label, "-" if known else TWO, _chairs)
    have = {name.casefold() for name in known}
    new = [(name, kind) for name, kind in wanted if name.casefold() not in have]
    if new:
        save(database, answers, partial(_add_chairs, site_id=site_id, chairs=new))


def _add_chairs(
    session: Session, actor: Actor, at: datetime, site_id: int, chairs: Sequence[tuple[str, str]]
) -> None:
    for name, kind in chairs:
        add_chair(session, actor, at, site_id, name, kind)


def _chairs(text: str) -> list[tuple[str, str]]:
    """Names with their kinds. Raises RuleError."""
    found: list[tuple[str, str]] = []
    for part in ("" if text.strip() == "-" else text).split(","):
        name = " ".join(part.split())
        if not name:
            continue
        match = CHAIR.fullmatch(name)
        name, kind = (match[1], match[2].lower()) if match else (name, "chair")
        if kind not in KINDS:
            raise RuleError(f"“{kind}” is no kind. Write (bed) or (room) after the name, or nothing.")
        if len(name) > LONGEST or name.casefold() in {each.casefold() for each, _ in found}:
            raise RuleError(f"“{name[:LONGEST]}” is too long or written twice. Give each chair a short name.")
        found.append((name, kind))
    return found


def _code(text: str) -> str:
    return read_code(text, {})


def _checked(read: FieldReader, typed: dict[str, str], text: str) -> str:
    """The text itself once its reader takes it."""
    read(text, typed)
    return text


def _default(name: str, usual: str, typed: dict[str, str]) -> str:
    """What is likely from the answers before: the name in messages is the name, until somebody says else."""
    if name == "discreet_name":
        return typed["name"]
    return "Main clinic" if name == "name" else usual


def _id(database: Database, code: str) -> int:
    with database.read() as session:
        found = session.scalar(select(Site.id).where(Site.code == code))
        if found is None:
            raise RuleError(f"There is no site with the code {code}.")
        return found
