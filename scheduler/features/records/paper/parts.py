"""What stands beside the courses: screenings, consents, and tables of requests, choices and messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.features.intake.consents.prose import Block, blocks
from scheduler.features.records.queries.papers import Papers
from scheduler.features.review.paper.parts import Facts, Row, Table
from scheduler.features.review.paper.wall import Wall
from scheduler.rendering.canonical import Facts as Plain

OUTCOMES = {"suitable": "Suitable", "not_now": "Not now", "referred": "Referred elsewhere"}
CAUTIONS = {"allergy": "Allergy", "no_allergies": "Allergies", "interpreter": "Interpreter"}
TOPICS = {
    "email": "E-mail", "sms": "Text messages", "more_texts": "More than the usual number of texts",
    "detail": "Details in messages", "invitations": "Calendar invitations", "reminders": "Reminders by mail",
}  # fmt: skip


@dataclass(frozen=True)
class ScreeningSheet:
    """One signed screening: what was asked and answered, what it came to, and what was added."""

    title: str
    signed: str
    digest: str
    groups: Sequence[tuple[str, Facts]]
    addenda: Sequence[str]


@dataclass(frozen=True)
class ConsentSheet:
    """One signed consent with its very words."""

    title: str
    signed: str
    digest: str
    withdrawn: str
    blocks: Sequence[Block]


def screening_sheet(one: Plain, wall: Wall) -> ScreeningSheet:
    """A screening from what was signed."""
    record = one["record"]
    groups = [
        (
            part["title"],
            [(line["label"], "; ".join(line["words"]) or "Not answered") for line in part["lines"]],
        )
        for part in record["told"]
    ]
    return ScreeningSheet(
        f"Screening: {OUTCOMES[one['outcome']]}",
        f"Signed by {one['by']}, {wall.moment(one['signed_at'])}",
        one["digest"],
        groups,
        [
            f"{each['words']} Because: {each['reason']} {each['by']}, {wall.moment(each['at'])}"
            for each in one["addenda"]
        ],
    )


def consent_sheet(one: Plain, wall: Wall) -> ConsentSheet:
    """A consent from what was signed."""
    record = one["record"]
    whose = "guardian" if record["signed_as"] == "guardian" else "patient"
    withdrawn = ""
    if one["withdrawn_at"]:
        withdrawn = f"Withdrawn, {wall.moment(one['withdrawn_at'])}. {one['withdraw_reason']}".strip()
    return ConsentSheet(
        f"Consent: {record['title']}, version {record['version']}",
        f"Signed by {record['signed_name']} ({whose}), {wall.moment(record['signed_at'])}",
        one["digest"],
        withdrawn,
        blocks(record["text"]),
    )


def tables(papers: Papers, wall: Wall) -> list[Table]:
    """Cautions and how the person came here; then, behind the courses, what was agreed and written."""
    return [
        Table(
            "Cautions",
            ("What", "Words", "Noted", "Struck out"),
            [
                Row(
                    (
                        CAUTIONS[each["kind"]],
                        each["words"] or "None known",
                        wall.on(each["noted_at"]),
                        wall.on(each["struck_at"]) if each["struck_at"] else "",
                    )
                )
                for each in papers.cautions
            ],
            empty="Nothing is written down.",
        ),
        Table(
            "Requests and consultations",
            ("When", "What", "State"),
            [
                Row((wall.on(each["at"]), each["what"], each["state"].replace("_", " ").capitalize()))
                for each in papers.requests
            ],
            empty="None.",
        ),
        _choices(papers, wall),
        _messages(papers, wall),
    ]


def _choices(papers: Papers, wall: Wall) -> Table:
    rows = [
        Row(
            (
                wall.on(each["at"]),
                TOPICS[each["topic"]],
                "Allowed" if each["allowed"] else "Refused",
                f"{each['source'].capitalize()}{', ' + each['by'] if each['by'] else ''}",
            )
        )
        for each in papers.choices
    ]
    return Table(
        "What was agreed for messages", ("When", "What", "Said", "How"), rows, empty="Nothing was said."
    )


def _messages(papers: Papers, wall: Wall) -> Table:
    rows = [
        Row((wall.on(each["at"]), each["what"], each["by"], each["to"], each["state"].capitalize()))
        for each in papers.messages
    ]
    return Table("Messages", ("When", "What", "By", "To", "State"), rows, empty="None was written.")
