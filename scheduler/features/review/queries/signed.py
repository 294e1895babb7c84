"""What was signed in a course, and what stands beside it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import Addendum, CoSignature, Infusion, SignedRecord
from scheduler.rendering.canonical import Facts, plain


def signed_of(session: Session, course_id: int) -> dict[int | None, SignedRecord]:
    """The signed records of a course by infusion id; None is the course log itself."""
    rows = session.scalars(
        select(SignedRecord).where(SignedRecord.course_id == course_id).order_by(SignedRecord.id)
    )
    return {row.infusion_id: row for row in rows}


def beside(rows: CourseRows) -> Facts:
    """Signatures and addenda, as `queries.record` says; where nothing is signed, nothing stands beside it.

    Everybody has the name that they signed by, whatever they are called now.
    """
    signed = rows.signed
    own = signed.get(None)
    second = (
        rows.session.scalar(select(CoSignature).where(CoSignature.signed_record_id == own.id))
        if own
        else None
    )
    return {
        "signature": _signature(own) if own else None,
        "co_signature": _signature(second) if second else None,
        "log_signatures": {
            str(infusion_id): _signature(row)
            for infusion_id, row in signed.items()
            if infusion_id is not None
        },
        "addenda": _addenda(rows) if signed else [],
    }


def _addenda(rows: CourseRows) -> list[Facts]:
    """All addenda of a course in the order in which they were written."""
    found = rows.session.execute(
        select(Addendum, Infusion.number)
        .outerjoin(Infusion, Infusion.id == Addendum.infusion_id)
        .where(Addendum.course_id == rows.course_id)
        .order_by(Addendum.id)
    )
    return [
        {
            "id": row.id,
            "infusion_id": row.infusion_id,
            "number": number,
            "words": row.words,
            "reason": row.reason,
            "at": plain(row.written_at),
            "by": {"id": row.written_by_id, "name": row.written_name},
            "digest": row.digest,
        }
        for row, number in found
    ]


def _signature(row: SignedRecord | CoSignature) -> Facts:
    by = {"id": row.signed_by_id, "name": row.signed_name}
    return {"by": by, "at": plain(row.signed_at), "digest": row.digest}
