"""How much there is to count, which is itself a quick look into an index."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.features.reports.cover import Cover
from scheduler.features.reports.queries.sql import bounds

QUERY = """
    SELECT count(*) FROM infusions
    WHERE site_id = :site AND starts_at >= :first AND starts_at < :last
"""


def visits_covered(session: Session, cover: Cover) -> int:
    """The number of visits, of any state, on the days and at the sites of `cover`."""
    connection = session.connection()
    return sum(
        int(connection.execute(text(QUERY), bounds(session, site, cover)).scalar_one())
        for site in cover.sites
    )
