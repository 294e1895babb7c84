"""The pages that a phone and a tablet have in common: the list, the text, and taking a signature."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.intake.consents.papers import Papers, papers_of, text_to_sign
from scheduler.features.intake.consents.prose import blocks
from scheduler.features.intake.consents.signing import LONGEST_NAME, Signing, sign
from scheduler.features.portal.documents.words import Saying
from scheduler.features.portal.pages.queries.frame import frame_of
from scheduler.web import attempt, reading

SHOWN = 2 * LONGEST_NAME
"""So much of a name comes back into the form; whoever typed more is told that it is too long."""


@dataclass(frozen=True)
class Way:
    """By which way somebody reads: whose papers, who acts, and the addresses of the list and of a text."""

    source: Literal["link", "tablet"]
    patient_id: int
    actor: Actor
    home: str
    text: Callable[[int], str]


def list_page(way: Way) -> str:
    """What is to be signed, and what was."""
    papers, w = _papers(way)
    return render_template("portal/documents/index.html", papers=papers, w=w, way=way)


def text_page(way: Way, version_id: int) -> ResponseReturnValue:
    """A text with the line to sign on; one that is signed by now leads to the list. Raises NotFoundError."""
    papers, _ = _papers(way)
    if version_id in papers.done:
        return redirect(way.home, 303)
    return _text(way, version_id)


def take(way: Way, version_id: int) -> ResponseReturnValue:
    """Take a signature; the same one again leads where the first one led."""
    typed, language = request.form.get("name", ""), request.form.get("language", "")
    signing = Signing(version_id, language, typed, way.source)
    try:
        attempt(lambda session: sign(session, way.actor, clock.now(), way.patient_id, signing))
    except RuleError as error:
        return _text(way, version_id, typed, str(error.extra["problem"])), error.status
    except ConflictError as error:
        return _changed(way), error.status
    return redirect(way.home, 303)


def _papers(way: Way) -> tuple[Papers, Saying]:
    with reading() as session:
        return papers_of(session, way.patient_id, clock.now()), _saying(way)


def _saying(way: Way) -> Saying:
    with reading() as session:
        return Saying(frame_of(session, way.patient_id), way.home)


def _changed(way: Way) -> str:
    papers, w = _papers(way)
    return render_template("portal/documents/index.html", papers=papers, w=w, way=way, notice="changed")


def _text(way: Way, version_id: int, typed: str = "", problem: str = "") -> str:
    papers, w = _papers(way)
    language = request.values.get("language", "") or papers.language
    with reading() as session:
        text = text_to_sign(session, way.patient_id, version_id, language)
    return render_template(
        "portal/documents/text.html",
        w=w,
        way=way,
        text=text,
        blocks=blocks(text.text),
        minor=papers.is_minor,
        typed=typed[:SHOWN],
        problem=problem,
    )
