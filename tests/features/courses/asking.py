"""The build page as facts, asked for as the browser would ask."""

from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from scheduler.features.courses.building.forms import parse_build
from scheduler.features.courses.building.offer import BuildPage, build_page
from scheduler.features.courses.queries import today
from tests.support.clinic import NOW, SmallClinic

EVERY_HALF_DAY = [f"{day}{half}" for day in range(7) for half in "ap"]


def asked(clinic: SmallClinic, **changes: object) -> dict[str, object]:
    """The parameters of a search for a first visit from Mon 30 November to Mon 7 December."""
    return {
        "patient": str(clinic.patient.id),
        "protocol": str(clinic.protocol_version.id),
        "from": "2026-11-30",
        "until": "2026-12-07",
        "can": EVERY_HALF_DAY,
        "site": str(clinic.site.id),
        **changes,
    }


def page_of(
    session: Session, clinic: SmallClinic, *, now: datetime = NOW, may_bend: bool = False, **changes: object
) -> BuildPage:
    """The page for that search with some parameters changed."""
    form = parse_build(MultiDict(asked(clinic, **changes)), today(session, now))  # type: ignore[type-var]
    return build_page(session, now, form, may_bend=may_bend)
