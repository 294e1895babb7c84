"""What several pages of the desk need: who may chart, the site that was chosen, the audit of a look."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from flask import session, url_for
from flask_login import current_user

from scheduler.features.audit.actions import record, record_read
from scheduler.features.desk.lanes import Block, Lane
from scheduler.features.desk.queries.board import Board
from scheduler.web import CHARTING, current_actor, writing

SITE = "site"


Unsigned = Mapping[int, tuple[str, ...] | None]


def linked(board: Board, unsigned: Unsigned, *, movable: bool = False) -> list[Lane]:
    """The lanes with the address of each visit's page, and where asked for, of the page that moves it.

    `unsigned` names the consents that each visit lacks, by its id.
    """
    stem = visit_stem()
    return [
        replace(lane, blocks=tuple(_linked(block, stem, unsigned, movable) for block in lane.blocks))
        for lane in board.lanes
    ]


def _linked(block: Block, stem: str, unsigned: Unsigned, movable: bool) -> Block:
    if block.infusion_id is None:
        return block
    href = f"{stem}{block.infusion_id}"
    move = f"{href}/move" if movable and block.movable else None
    return replace(block, href=href, move=move, lacks=unsigned.get(block.infusion_id) or ())


def visit_stem() -> str:
    """What the addresses of all visits begin with: hundreds of addresses in one."""
    return url_for("desk.visit", infusion_id=0).removesuffix("0")


def charting() -> bool:
    """Whether the person may see ratings (SECURITY.md, section 1)."""
    return bool(CHARTING & current_user.roles)


def remember(site_id: int) -> None:
    """Keep the chosen site for this log-in; the cookie is only written when it changes."""
    if session.get(SITE) != site_id:
        session[SITE] = site_id


def note_read(now: datetime, entity: str, entity_id: int, patient_id: int) -> None:
    """One row for a look at a patient's data."""
    with writing() as s:
        record_read(s, current_actor(), now, entity, entity_id, patient_id)


def note_day(now: datetime, board: Board) -> None:
    """One row for a list of people; who was on it follows from the site and the day."""
    note_list(now, "day", board.site.id, board.day, len(board.visits))


def note_list(now: datetime, what: str, site_id: int, first: date, visits: int) -> None:
    """One row for a look at the people of a `day`, or of the `week` from `first` on."""
    day = first.isoformat()
    with writing() as s:
        record(s, current_actor(), now, f"{what}.read", what, site_id, day=day, visits=visits)
