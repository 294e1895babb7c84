"""Which consents the visits of a day lack, in one query for all of them."""

from sqlalchemy.orm import Session

from scheduler.features.capacity.kept_week import kept_week
from scheduler.features.desk.queries.board import Board
from scheduler.features.patients.consents import Need, lacking, standing


def unsigned_of(session: Session, board: Board) -> dict[int, tuple[str, ...] | None]:
    """The names that each visit of `board` lacks, by its id; None where the clinic asks for no consent."""
    versions = kept_week(session, board.site, board.day).versions
    needs = {
        visit.infusion_id: Need(visit.patient_id, versions[visit.version_id].protocol_id, board.site.id)
        for visit in board.visits
    }
    found = standing(session, set(needs.values())) if needs else {}
    return {visit: lacking(found[need]) if found[need] else None for visit, need in needs.items()}
