"""Whatever is changed past the code and past the triggers is found and named."""

import pytest
from sqlalchemy import text

from scheduler.db import Database
from scheduler.features.intake.screening.actions.beside import Said, add_addendum
from scheduler.features.intake.screening.queries.verify import verify_screenings
from tests.features.review.test_verify import without_triggers
from tests.support.clinic import NOW, small_clinic
from tests.support.screenings import begun, clinician_of, signed


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("", None),
        ("UPDATE screenings SET record = replace(record, 'Later', 'Never')", "bytes do not have"),
        ("UPDATE screenings SET outcome = 'referred'", "another decision"),
        ("UPDATE screenings SET answers = '{}'", "answers are not"),
        ("UPDATE screenings SET digest = '0'", "trail does not know"),
        ("UPDATE screening_addenda SET words = 'Other'", "does not have its digest"),
    ],
)
def test_a_screening_that_was_changed_past_its_guards_is_named(
    sqlite: Database, change: str, says: str | None
) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        row = signed(session, clinic, begun(session, clinic), "not_now", "Later")
        add_addendum(session, clinician_of(clinic), NOW, row.id, Said("14 weeks", "Misread", "key-of-one"))
    if change:
        without_triggers(sqlite)
        with sqlite.write() as session:
            session.execute(text(change))
    with sqlite.read() as session:
        found = verify_screenings(session)
    assert (found.records, found.addenda) == (1, 1)
    assert [what for _, what in found.misfits if says and says in what] or (
        says is None and not found.misfits
    )
