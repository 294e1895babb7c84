"""What is drawn of the board for one choice, read in one go, and the stamp it stands under.

When a visit changes, every open board asks for the same picture within five seconds. The last few pictures
are therefore kept in the process, each under the stamp that says whether anything in it has changed; the
stamp is read anew for every request, so that nobody is shown what is no longer so.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Pool
from sqlalchemy.orm import Session

from scheduler.features.desk.board.choice import BoardChoice
from scheduler.features.desk.board.stamp import News, newest_change, news_since, stamp_of
from scheduler.features.desk.board.week import Week, week_of
from scheduler.features.desk.queries.board import Board, board_of
from scheduler.models import Site

PICTURES = 16
Picture = tuple[Board | None, Week | None]
_kept: WeakKeyDictionary[Pool, OrderedDict[tuple[int, BoardChoice, str], Picture]] = WeakKeyDictionary()
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
    day, week = _picture(session, site, choice, now, stamp)
    news = news_since(session, site, *span_of(choice), since) if since is not None else []
    return Drawn(day, week, newest_change(session), news)


def _picture(session: Session, site: Site, choice: BoardChoice, now: datetime, stamp: str) -> Picture:
    pictures = _kept.setdefault(session.connection().engine.pool, OrderedDict())
    key = (site.id, choice, stamp)
    with _lock:
        found = pictures.get(key)
    if found is None:
        is_week = choice.view == "week"
        found = (
            None if is_week else board_of(session, site, choice.day, now),
            week_of(session, site, choice, now) if is_week else None,
        )
    if (
        found[0] and not found[0].visits
    ):  # It tells of the next visit after it, which the stamp knows nothing of.
        return found
    with _lock:
        pictures[key] = found
        pictures.move_to_end(key)
        while len(pictures) > PICTURES:
            pictures.popitem(last=False)
    return found
