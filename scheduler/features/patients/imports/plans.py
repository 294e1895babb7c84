"""The plan of an import, from its row and the clinic's sites."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.patients.folding import fold
from scheduler.features.patients.imports.reading import Plan
from scheduler.features.patients.queries import open_sites
from scheduler.models import PatientImport


def plan_of(session: Session, at: datetime, found: PatientImport) -> Plan:
    """How the rows of this import are read today."""
    sites = open_sites(session, found.site_id)
    place = next(site for site in sites if site.id == found.site_id)
    return Plan(
        head=tuple(found.head),
        columns=tuple(found.columns),
        date_order=found.date_order,
        language=found.language,
        place=place,
        places={fold(name): site for site in sites for name in (site.name, site.code)},
        today=at.astimezone(ZoneInfo(place.tz)).date(),
    )
