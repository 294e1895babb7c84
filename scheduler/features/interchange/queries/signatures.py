"""What was signed of courses, by whom, and what was said of it afterwards."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import Addendum as AddendumRow
from scheduler.models import CoSignature, SignedRecord
from scheduler.rendering.fhir.facts import Addendum, Signature, Signer


@dataclass
class Signed:
    """What stands under one record and beside it, in the order in which it came."""

    signatures: list[Signature] = field(default_factory=list)
    addenda: list[Addendum] = field(default_factory=list)


def signed(session: Session, course_ids: Sequence[int]) -> dict[tuple[int, int | None], Signed]:
    """By course and infusion; what is of the course itself has no infusion."""
    found: dict[tuple[int, int | None], Signed] = defaultdict(Signed)
    rows = session.scalars(
        select(SignedRecord).where(SignedRecord.course_id.in_(course_ids)).order_by(SignedRecord.id)
    ).all()
    records = {row.id: row for row in rows}
    for row in rows:
        found[row.course_id, row.infusion_id].signatures.append(
            Signature(row.id, row.signed_at, Signer(row.signed_by_id, row.signed_name), row.digest)
        )
    second = select(CoSignature).where(CoSignature.signed_record_id.in_(records))
    for other in session.scalars(second.order_by(CoSignature.id)):
        record, by = records[other.signed_record_id], Signer(other.signed_by_id, other.signed_name)
        found[record.course_id, record.infusion_id].signatures.append(
            Signature(other.id, other.signed_at, by, record.digest, second=True)
        )
    added = select(AddendumRow).where(AddendumRow.course_id.in_(course_ids))
    for each in session.scalars(added.order_by(AddendumRow.written_at, AddendumRow.id)):
        by, digest = Signer(each.written_by_id, each.written_name), records[each.signed_record_id].digest
        found[each.course_id, each.infusion_id].addenda.append(
            Addendum(each.id, each.written_at, by, each.words, each.reason, digest)
        )
    return found
