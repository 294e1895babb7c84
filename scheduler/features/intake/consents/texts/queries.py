"""The clinic's consents as its settings show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import ConsentForm, ConsentSignature, ConsentVersion


@dataclass(frozen=True)
class VersionLine:
    """One version of one consent; `signed` patients have signed this very version and not withdrawn it."""

    id: int
    form_id: int
    name: str
    protocol_ids: tuple[int, ...]
    site_ids: tuple[int, ...]
    is_retired: bool
    version: int
    words: Mapping[str, Mapping[str, str]]
    asks_again: bool
    revision: int
    saved_at: datetime
    published_at: datetime | None
    signed: int

    @property
    def is_draft(self) -> bool:
        """Whether nobody is asked for it yet."""
        return self.published_at is None


def version_lines(session: Session, form_id: int | None = None) -> list[VersionLine]:
    """All versions in the order of the clinic's list, the newest first; of one consent if it is named."""
    signed = (
        select(func.count(ConsentSignature.id))
        .where(ConsentSignature.version_id == ConsentVersion.id, ConsentSignature.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    query = (
        select(ConsentVersion, ConsentForm, signed)
        .join(ConsentForm, ConsentForm.id == ConsentVersion.form_id)
        .order_by(ConsentForm.retired_at.is_not(None), ConsentForm.position, ConsentForm.id)
        .order_by(ConsentVersion.version.desc())
    )
    if form_id is not None:
        query = query.where(ConsentForm.id == form_id)
    return [_line(*row) for row in session.execute(query)]


def version_line(session: Session, version_id: int) -> VersionLine:
    """One version. Raises NotFoundError."""
    form_id = session.scalar(select(ConsentVersion.form_id).where(ConsentVersion.id == version_id))
    if form_id is None:
        raise NotFoundError("There is no such text. Somebody may have thrown the draft away.")
    return next(line for line in version_lines(session, form_id) if line.id == version_id)


def newest_line(session: Session, form_id: int) -> VersionLine:
    """The newest version of a consent, a draft or not. Raises NotFoundError."""
    found = version_lines(session, form_id)
    if not found:
        raise NotFoundError("There is no such consent.")
    return found[0]


def signed_before(session: Session, form_id: int) -> int:
    """How many patients have signed some version and not withdrawn it: whom a new one may ask again."""
    return session.scalars(
        select(func.count(ConsentSignature.patient_id.distinct()))
        .join(ConsentVersion, ConsentVersion.id == ConsentSignature.version_id)
        .where(ConsentVersion.form_id == form_id, ConsentSignature.withdrawn_at.is_(None))
    ).one()


def _line(version: ConsentVersion, form: ConsentForm, signed: int) -> VersionLine:
    return VersionLine(
        version.id,
        form.id,
        form.name,
        tuple(form.protocol_ids),
        tuple(form.site_ids),
        form.retired_at is not None,
        version.version,
        version.words,
        version.asks_again,
        version.revision,
        version.saved_at,
        version.published_at,
        signed,
    )
