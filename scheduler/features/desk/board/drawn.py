"""What is drawn of the board for one choice, read in one go, and the stamp it stands under."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.features.desk.board.choice import BoardChoice
from scheduler.features.desk.board.stamp import News, newest_change, news_since, stamp_of
from scheduler.features.desk.board.week import Week, week_of
from scheduler.features.desk.queries.board import Board, board_of
from scheduler.models import Site


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


def draw(session: Session, site: Site, choice: BoardChoice, now: datetime, since: int | None) -> Drawn:
    """Everything of `choice` at `site`; `since` is the newest change an open page knew."""
    is_week = choice.view == "week"
    return Drawn(
        None if is_week else board_of(session, site, choice.day, now),
        week_of(session, site, choice, now) if is_week else None,
        newest_change(session),
        news_since(session, site, *span_of(choice), since) if since is not None else [],
    )
