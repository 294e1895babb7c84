"""Ratings, and instruments as what is sent of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.ratings import instruments as shipped
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.own.known import known
from scheduler.features.ratings.words import said
from scheduler.models import Rating as RatingRow
from scheduler.models import RatingSource
from scheduler.rendering.fhir.facts import Instrument, Rating

BY_PATIENT = {RatingSource.PATIENT, RatingSource.KIOSK}


def instruments(session: Session) -> list[Instrument]:
    """Every version of every instrument, by code and version; the clinic's own too."""
    everything = known(session)
    return [_instrument(everything[key]) for key in sorted(everything)]


def ratings(
    session: Session, course_ids: Sequence[int], numbers: Mapping[int, int]
) -> dict[int, list[Rating]]:
    """By course, voided ones too, in the order of their answers; `numbers` are those of the visits."""
    everything = known(session)
    made = {key: _instrument(each) for key, each in everything.items()}
    found: dict[int, list[Rating]] = defaultdict(list)
    rows = select(RatingRow).where(RatingRow.course_id.in_(course_ids))
    for row in session.scalars(rows.order_by(RatingRow.rated_at, RatingRow.id)):
        instrument = made[row.instrument, row.instrument_version]
        slot = Slot(row.time_point, row.infusion_id, row.week)
        found[row.course_id].append(
            Rating(
                row.id,
                instrument,
                row.language,
                row.time_point.value,
                said(slot, numbers.get(row.infusion_id or 0, 0)),
                row.answers,
                row.total,
                row.source in BY_PATIENT,
                row.rated_at,
                row.void_reason or "",
            )
        )
    return found


def _instrument(one: shipped.Instrument) -> Instrument:
    english = one.wording("en")
    return Instrument(
        one.code,
        one.version,
        one.name,
        english.lead,
        one.licence,
        one.least,
        {language: wording.items for language, wording in sorted(one.wordings.items())},
        english.answers,
        one.loinc.panel,
        one.loinc.items,
        one.loinc.total,
        one.loinc.answers,
    )
