"""Record numbers: the site's code and a number that counts on, such as RV-10731."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import Patient, Site


def next_record_number(session: Session, site_id: int) -> str:
    """The site's next free number. Numbers that somebody typed by hand are passed over.

    The site's row stays locked until the transaction ends, so two desks never get the same one.
    """
    while True:
        row = session.execute(
            update(Site)
            .where(Site.id == site_id)
            .values(last_record_number=Site.last_record_number + 1)
            .returning(Site.code, Site.last_record_number)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if row is None:
            raise NotFoundError("There is no such site. Choose one from the list.")
        number = f"{row.code}-{row.last_record_number:05d}"
        if session.scalar(select(Patient.id).where(Patient.record_number == number)) is None:
            return number
