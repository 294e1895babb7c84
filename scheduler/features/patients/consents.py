"""Which consents somebody needs and which of them are on file: derived, never stored.

A consent is on file where the patient signed a version of it that still counts, and did not withdraw that
signature. A version counts until a later one asks for a new signature. All of it is one query for as many
patients as a list shows.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from scheduler.models import ConsentForm, ConsentSignature, ConsentVersion


class Need(NamedTuple):
    """Whose consents are asked after and for what: a course of a protocol, or (None) before any is booked."""

    patient_id: int
    protocol_id: int | None
    site_id: int


@dataclass(frozen=True)
class Consent:
    """One consent that is needed; `version_id` is what is signed now.

    `signed_at` is when the signature that counts was given, else None; then `state` says why: "missing",
    "again" (the text has changed since) or "withdrawn". With one it is "signed".
    """

    form_id: int
    name: str
    version_id: int
    version: int
    state: str
    signed_at: datetime | None = None


class _Form(NamedTuple):
    """A consent in use: a row of its newest version, and the oldest version that still counts."""

    newest: Row
    floor: int


def standing(session: Session, needs: Collection[Need]) -> dict[Need, tuple[Consent, ...]]:
    """What each need asks for, in the order of the clinic's list, in one query."""
    by_form: dict[int, list[Row]] = {}
    own: dict[tuple[int, int | None], list[Row]] = {}
    for row in _rows(session, {need.patient_id for need in needs}):
        by_form.setdefault(row.id, []).append(row)
        own.setdefault((row.id, row.patient_id), []).append(row)
    forms = [_Form(rows[-1], _floor(rows)) for rows in by_form.values()]
    return {
        need: tuple(
            _consent(form, own.get((form.newest.id, need.patient_id), []))
            for form in forms
            if _asks(form.newest, need)
        )
        for need in needs
    }


def missing_consents(
    session: Session, patient_ids: Collection[int], protocol_id: int | None, site_id: int
) -> dict[int, tuple[str, ...]]:
    """The names of what each patient has still to sign for a course of this protocol at this site.

    With `protocol_id` None: what is due before a course is booked. One query, every patient has an entry.
    """
    needs = [Need(patient_id, protocol_id, site_id) for patient_id in patient_ids]
    return {need.patient_id: lacking(found) for need, found in standing(session, needs).items()}


def lacking(consents: Iterable[Consent]) -> tuple[str, ...]:
    """The names of those that are not on file."""
    return tuple(each.name for each in consents if each.signed_at is None)


def _rows(session: Session, patient_ids: Collection[int]) -> Sequence[Row]:
    """Every published version of each consent in use, with each signature of these patients under it."""
    form, version, signed = ConsentForm, ConsentVersion, ConsentSignature
    return session.execute(
        select(
            form.id,
            form.name,
            form.protocol_ids,
            form.site_ids,
            version.id.label("version_id"),
            version.version,
            version.asks_again,
            signed.patient_id,
            signed.signed_at,
            signed.withdrawn_at,
        )
        .join(version, version.form_id == form.id)
        .outerjoin(signed, and_(signed.version_id == version.id, signed.patient_id.in_(list(patient_ids))))
        .where(form.retired_at.is_(None), version.published_at.is_not(None))
        .order_by(form.position, form.id, version.version, signed.signed_at, signed.id)
    ).all()


def _asks(row: Row, need: Need) -> bool:
    return (not row.protocol_ids or need.protocol_id in row.protocol_ids) and (
        not row.site_ids or need.site_id in row.site_ids
    )


def _floor(rows: Iterable[Row]) -> int:
    """The oldest version of a form that still counts, from all its rows."""
    return max((row.version for row in rows if row.asks_again), default=1)


def _consent(form: _Form, own: Sequence[Row]) -> Consent:
    """One consent of one patient, from their own rows of its form, the oldest version first."""
    newest = form.newest
    counting = [row for row in own if row.withdrawn_at is None and row.version >= form.floor]
    state = "signed" if counting else _why(own)
    signed_at = counting[-1].signed_at if counting else None
    return Consent(newest.id, newest.name, newest.version_id, newest.version, state, signed_at)


def _why(own: Sequence[Row]) -> str:
    if not own:
        return "missing"
    return "withdrawn" if own[-1].withdrawn_at is not None else "again"
