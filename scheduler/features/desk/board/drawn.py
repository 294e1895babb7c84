"""What is drawn of the board for one choice and of Today, and the stamp it stands under.

When a visit changes, every open page asks for the same picture within five seconds. The last few pictures
are therefore kept in the process, each under the stamp that says whether anything in it has changed; the
stamp is read anew for every request, so that nobody is shown what is no longer so.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Pool
from sqlalchemy.orm import Session

from scheduler.features.desk.board.choice import BoardChoice, read_choice
from scheduler.features.desk.board.stamp import News, newest_change, news_since, stamp_of
from scheduler.features.desk.board.week import Week, week_of
from scheduler.features.desk.queries.board import Board, board_of
from scheduler.models import Site

PICTURES = 16
_kept: WeakKeyDictionary[Pool, OrderedDict[Hashable, Board | Week]] = WeakKeyDictionary()
_lock = Lock()


@dataclass(frozen=True)
class Drawn:
    """A day or a week (the other is None), the newest change there is, and what others did since."""

    day: Board | None
    week: Week | None
    newest: int
    news: list[News]


def span_of(choice: BoardChoice) -> tuple[date, date]:
    """The first and the last day shown."""
    if choice.view == "week":
        return choice.monday, choice.monday + timedelta(days=6)
    return choice.day, choice.day


def board_stamp(session: Session, site: Site, choice: BoardChoice, now: datetime) -> str:
    """The stamp of what is drawn: the minute belongs to it where today is shown, else the date."""
    first, last = span_of(choice)
    today = choice.asked.today
    return stamp_of(session, site, first, last, f"{now:%H%M}" if first <= today <= last else f"{today:%j}")


def draw(
    session: Session, site: Site, choice: BoardChoice, now: datetime, stamp: str, since: int | None
) -> Drawn:
    """Everything of `choice` at `site`, as of `stamp`; `since` is the newest change an open page knew."""
    is_week = choice.view == "week"
    day = None if is_week else _day(session, site, choice, now, stamp)
    week = _week(session, site, choice, now, stamp) if is_week else None
    news = news_since(session, site, *span_of(choice), since) if since is not None else []
    return Drawn(day, week, newest_change(session), news)


def drawn_today(session: Session, site: Site, now: datetime) -> Board:
    """The day on which `now` falls at `site`, the same picture as on the board."""
    choice = read_choice({}, site, now, ())
    return _day(session, site, choice, now, board_stamp(session, site, choice, now))


def _day(session: Session, site: Site, choice: BoardChoice, now: datetime, stamp: str) -> Board:
    """One day; what of it is asked for changes nothing in its picture."""
    key = (site.id, choice.day, choice.asked.today, stamp)
    found: Board | None = _taken(session, key)
    if found is None:
        found = board_of(session, site, choice.day, now)
        if found.visits:  # One without tells of the next visit after it, which the stamp knows nothing of.
            _keep(session, key, found)
    return found


def _week(session: Session, site: Site, choice: BoardChoice, now: datetime, stamp: str) -> Week:
    key = (site.id, choice, stamp)
    found: Week | None = _taken(session, key)
    if found is None:
        found = week_of(session, site, choice, now)
        _keep(session, key, found)
    return found


def _taken(session: Session, key: Hashable) -> Any:
    with _lock:
        pictures = _kept.setdefault(session.connection().engine.pool, OrderedDict())
        if key in pictures:
            pictures.move_to_end(key)
        return pictures.get(key)


def _keep(session: Session, key: Hashable, picture: Board | Week) -> None:
    with _lock:
        pictures = _kept.setdefault(session.connection().engine.pool, OrderedDict())
        pictures[key] = picture
        while len(pictures) > PICTURES:
            pictures.popitem(last=False)
