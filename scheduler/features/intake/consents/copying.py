"""A signed consent on paper, for the patient and for the chart: the very words, the signature, the digest."""

from collections.abc import Mapping
from typing import Any

from scheduler.features.intake.consents.papers import Signed
from scheduler.features.intake.consents.prose import blocks
from scheduler.rendering import dates
from scheduler.rendering.canonical import instant
from scheduler.rendering.facts import Locale
from scheduler.rendering.language import load
from scheduler.rendering.pdf import make_pdf
from scheduler.rendering.templates import fill

PAPER = Locale("ymd", clock24=True)
"""On paper a date reads the same wherever the sheet goes."""


def consent_pdf(paper: Signed, record: Mapping[str, Any], tz: str) -> bytes:
    """The PDF of a signature from the record that was signed, in its language; times in the clinic's zone."""
    language = load(record["language"])
    signed = dates.local(instant(record["signed_at"]), tz)
    moment = language.dates["moment"].format(
        day=dates.day(signed.date(), PAPER, language),
        clock=dates.clock(signed, PAPER, language),
        zone=dates.zone(signed),
    )
    html = fill(
        "pdf/consent.html",
        letter=False,
        paper=paper,
        record=record,
        blocks=blocks(record["text"]),
        moment=moment,
        say=lambda key, **facts: language.say(f"documents.{key}", phone="", **facts),
    )
    return make_pdf(html)


def file_name(paper: Signed) -> str:
    """A discreet name for the file: what it is of stands in it."""
    return f"document-{paper.id}-version-{paper.version}.pdf"
