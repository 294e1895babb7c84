"""Which consents the visits of a day or a week lack, in one query for all of them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from scheduler.features.capacity.kept_week import kept_week
from scheduler.features.desk.facts import VisitFact
from scheduler.features.patients.consents import Need, lacking, standing
from scheduler.models import Site

if TYPE_CHECKING:
    from scheduler.features.desk.board.week_visits import WeekVisit


def unsigned_of(
    session: Session, site: Site, day: date, visits: "Iterable[VisitFact | WeekVisit]"
) -> dict[int, tuple[str, ...] | None]:
    """The names that each of these visits lacks, by its id; None where the clinic asks for no consent.

    All of them stand at `site`, in the week of `day`.
    """
    versions = kept_week(session, site, day).versions
    shown = list(visits)
    needs = {
        (patient_id, version_id): Need(patient_id, versions[version_id].protocol_id, site.id)
        for patient_id, version_id in {(visit.patient_id, visit.version_id) for visit in shown}
    }
    found = standing(session, set(needs.values())) if needs else {}
    lacks = {key: lacking(found[need]) if found[need] else None for key, need in needs.items()}
    return {visit.infusion_id: lacks[visit.patient_id, visit.version_id] for visit in shown}
