"""What every sheet has around its content: whose it is, how it stands, who signed, what was added later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.features.review.paper.parts import Facts
from scheduler.features.review.paper.wall import Wall, said_day
from scheduler.rendering.canonical import Facts as Plain
from scheduler.rendering.canonical import facts_digest, plain

BESIDE = frozenset({"signature", "co_signature", "log_signatures", "addenda"})
CAUTIONS = {"allergy": "Allergy", "no_allergies": "Allergies", "interpreter": "Interpreter"}


@dataclass(frozen=True)
class Signed:
    """One signature: who, what it was put under, when, and the digest of that."""

    who: str
    what: str
    at: str
    digest: str


@dataclass(frozen=True)
class Added:
    """One addendum."""

    words: str
    reason: str
    to: str
    who: str
    at: str


@dataclass(frozen=True)
class Frame:
    """What `templates/pdf/_base.html` prints. `dated` is when the sheet was true: the signature, or now."""

    who: str
    running: str
    site: str
    tz: str
    dated: str
    as_of: str
    is_signed: bool
    facts: Facts
    signatures: Sequence[Signed]
    addenda: Sequence[Added]
    digest: str


def frame_of(
    record: Plain, kind: str, facts: Facts, signatures: Iterable[tuple[Plain | None, str]], now: datetime
) -> Frame:
    """The frame of a record; `signatures` with what each was put under, those of nobody are left out."""
    wall, signature = Wall(record["site"]["tz"]), record["signature"]
    dated = signature["at"] if signature else plain(now)
    patient = record["patient"]
    name, born = f"{patient['given_name']} {patient['family_name']}", said_day(patient["birth_date"])
    return Frame(
        who=name,
        running=f"{name}, born {born}. {kind}",
        site=record["site"]["name"],
        tz=wall.tz,
        dated=dated,
        as_of=wall.moment(dated),
        is_signed=signature is not None,
        facts=[("Born", born), ("Record no.", patient["record_number"]), *facts, *cautions_said(record)],
        signatures=[
            Signed(each["by"]["name"], what, wall.moment(each["at"]), each["digest"])
            for each, what in signatures
            if each
        ],
        addenda=[_added(each, wall) for each in record["addenda"]],
        digest=signature["digest"] if signature else facts_digest(_bare(record)),
    )


def cautions_said(record: Plain) -> Facts:
    """What to beware of with this person, as pairs of a name and what is known."""
    return [(CAUTIONS[each["kind"]], each["words"] or "None known") for each in record["cautions"]]


def _bare(record: Plain) -> Plain:
    """What would be signed of it."""
    return {key: value for key, value in record.items() if key not in BESIDE}


def _added(each: Plain, wall: Wall) -> Added:
    to = f"To the log of infusion no. {each['number']}" if each["number"] else "To the course log"
    return Added(each["words"], each["reason"], to, each["by"]["name"], wall.moment(each["at"]))
