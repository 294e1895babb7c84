"""What is there and what is missing for the visits of a day: ratings, consents, and what is to be had ready.

It is read beside the day's picture, which is kept between requests (`board.drawn`): a tick or a rating
changes nothing in that one.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.capacity.kept_week import kept_week
from scheduler.features.courses.preparation.lists import lists_of
from scheduler.features.desk.facts import Readiness
from scheduler.features.desk.queries.board import Board
from scheduler.features.desk.queries.unsigned import unsigned_of
from scheduler.features.ratings import queries as ratings
from scheduler.features.ratings.plan import plan_of
from scheduler.features.ratings.timing import hours, lacking


def readiness_of(session: Session, board: Board, now: datetime) -> dict[int, Readiness]:
    """The readiness of each visit of `board`, by its id, at `now`."""
    versions = kept_week(session, board.site, board.day).versions
    given = ratings.given(session, [visit.infusion_id for visit in board.visits])
    lists = lists_of(
        session, {visit.infusion_id: versions[visit.version_id].protocol_id for visit in board.visits}
    )
    unsigned = unsigned_of(session, board.site, board.day, board.visits)
    plans = {key: plan_of(versions[key].rating_plan) for key in {visit.version_id for visit in board.visits}}
    found = {}
    for visit in board.visits:
        version = versions[visit.version_id]
        filled = plans[visit.version_id].filled(
            visit.number, version.infusions, given.get(visit.infusion_id, frozenset())
        )
        lacks = lacking(visit.status, hours(visit, version.phases), filled, now)
        rated = visit.infusion_id in given
        prepared, without = lists[visit.infusion_id], unsigned[visit.infusion_id]
        found[visit.infusion_id] = Readiness(lacks, rated, prepared, without)
    return found
