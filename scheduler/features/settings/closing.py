"""What can be closed, and a site's public holidays one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.capacity.queries import holiday_name_by_day, openings, site, sites


@dataclass(frozen=True)
class Holiday:
    """One public holiday at one site."""

    site: str
    day: date
    name: str
    is_open: bool


def closable(session: Session) -> Mapping[str, tuple[int, int | None, str]]:
    """By what a form sends (`s1` a site, `c4` a chair): the site's id, the chair's, and words."""
    found: dict[str, tuple[int, int | None, str]] = {}
    for place in sites(session):
        found[f"s{place.id}"] = place.id, None, f"{place.name}, the whole site"
        found.update(
            (f"c{chair.id}", (place.id, chair.id, f"{place.name}, {chair.name}"))
            for chair in place.chairs
            if chair.retired_at is None
        )
    return found


def holiday_on(session: Session, site_id: int, day: date | None) -> Holiday:
    """The public holiday of that day. Raises NotFoundError where it is none."""
    place = site(session, site_id)
    if day is not None:
        name = holiday_name_by_day(place.country, place.region, day, day).get(day)
        if name:
            return Holiday(place.name, day, name, day in openings(session, place, day, day))
    raise NotFoundError("That day is no public holiday here. Choose one from the list under Settings.")
