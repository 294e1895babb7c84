"""Where and when a chart is written, read alone because a form's times need it before anything else."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.infusion_logs.place import Place
from scheduler.models import Infusion, Site


def place_of(session: Session, infusion_id: int) -> Place:
    """The zone, the day and the unit of weight of an infusion. Raises NotFoundError."""
    found = session.execute(
        select(Site.tz, Infusion.local_day, Site.weight_unit)
        .join(Infusion, Infusion.site_id == Site.id)
        .where(Infusion.id == infusion_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such visit. Find the patient, and open it from there.")
    return Place(found[0], found[1], found[2] == "lb")
