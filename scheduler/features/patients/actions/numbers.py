"""Record numbers: the site's code and a number that counts on, such as RV-10731."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import Patient, Site


def next_record_number(session: Session, site_id: int) -> str:
    """The site's next free number."""
    return next_record_numbers(session, site_id, 1)[0]


def next_record_numbers(session: Session, site_id: int, count: int) -> list[str]:
    """The site's next free numbers. Numbers that somebody typed by hand are passed over.

    The site's row stays locked until the transaction ends, so two desks never get the same one.
    """
    found: list[str] = []
    while len(found) < count:
        wanted = count - len(found)
        row = session.execute(
            update(Site)
            .where(Site.id == site_id)
            .values(last_record_number=Site.last_record_number + wanted)
            .returning(Site.code, Site.last_record_number)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if row is None:
            raise NotFoundError("There is no such site. Choose one from the list.")
        last = row.last_record_number
        numbers = [f"{row.code}-{number:05d}" for number in range(last - wanted + 1, last + 1)]
        taken = set(session.scalars(select(Patient.record_number).where(Patient.record_number.in_(numbers))))
        found += [number for number in numbers if number not in taken]
    return found
