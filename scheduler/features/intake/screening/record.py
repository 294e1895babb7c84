"""What is signed: the questions as they were asked, the answers, and what they come to, as plain facts.

The words of the questions stand in it too, so that it can be read when nobody has this program any more.
"""

from scheduler.features.intake.screening.counting import Reading
from scheduler.features.intake.screening.form.shape import Form
from scheduler.features.intake.screening.queries.rows import Whose
from scheduler.features.intake.screening.values import in_words
from scheduler.models import Screening
from scheduler.rendering.canonical import Facts, plain


def facts_of(row: Screening, about: Whose, form: Form, reading: Reading, previous: Screening | None) -> Facts:
    """The facts of a draft as they stand: their digest is what a page shows and a signature is under."""
    words = in_words(form, row.answers)
    return {
        "kind": "screening",
        "screening": {
            "id": row.id,
            "form": row.form,
            "version": row.version,
            "begun_at": plain(row.begun_at),
        },
        "person": {
            "name": about.name,
            "request_id": about.request_id,
            "patient_id": about.patient_id,
            "record_number": about.record_number,
        },
        "site": {"id": about.site.id, "name": about.site.name, "tz": about.site.tz},
        "previous": {"id": previous.id, "digest": previous.digest} if previous else None,
        "answers": dict(row.answers),
        "told": [
            {
                "title": part.title,
                "lines": [
                    {"name": each.name, "label": each.label, "words": list(words[each.name])}
                    for each in part.asks
                ],
            }
            for part in form.parts
        ],
        "reading": _reading(reading),
    }


def _reading(reading: Reading) -> Facts:
    return {
        "criteria_met": reading.is_anxious,
        "months": reading.months,
        "companions": reading.companions,
        "trials": reading.trials,
        "trials_needed": reading.needed,
        "stands_out": [*reading.risks, *reading.concerns],
        "unanswered": [lack.words for lack in reading.lacks],
    }
