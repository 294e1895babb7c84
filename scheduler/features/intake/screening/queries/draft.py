"""A draft with all that is worked out from it, read together so that a page and a signature agree."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.intake.screening.counting import Reading, read
from scheduler.features.intake.screening.form import form_of
from scheduler.features.intake.screening.form.shape import Form
from scheduler.features.intake.screening.queries.rows import Whose, screening, whose
from scheduler.features.intake.screening.record import facts_of
from scheduler.features.patients.screened import screening_rules
from scheduler.models import Screening
from scheduler.rendering.canonical import Facts, facts_digest


@dataclass(frozen=True)
class Draft:
    """One screening: its row, whom it is about, its questions, what the answers come to, the one before."""

    row: Screening
    about: Whose
    form: Form
    reading: Reading
    previous: Screening | None

    @property
    def facts(self) -> Facts:
        """What would be signed now."""
        return facts_of(self.row, self.about, self.form, self.reading, self.previous)

    @property
    def digest(self) -> str:
        """The digest of these facts."""
        return facts_digest(self.facts)


def draft_of(session: Session, screening_id: int, at: datetime, *, locked: bool = False) -> Draft:
    """One screening as it stands at `at`, held until the transaction ends where `locked`.

    Raises NotFoundError.
    """
    row = screening(session, screening_id, locked=locked)
    about, form = whose(session, row), form_of(row.form)
    needed = screening_rules(session).trials_needed
    reading = read(form, row.answers, about.day(at), needed)
    previous = session.get(Screening, row.previous_id) if row.previous_id else None
    return Draft(row, about, form, reading, previous)
