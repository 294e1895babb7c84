"""The blueprint that the pages of requests share, and the words that their templates look up."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from scheduler.features.path.words import LANGUAGES, SOURCES, TONES, WAYS, status_words
from scheduler.features.waiting.wish import half_day_words

blueprint = Blueprint("path", __name__)
blueprint.add_app_template_filter(status_words, "request_status")


@blueprint.app_template_filter("half_days")
def half_days(codes: Sequence[str]) -> str:
    """`Mon, Wed mornings`, or `any time` where nothing was ticked."""
    return half_day_words(codes) if codes else "any time"


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Words by the values that are stored."""
    return {
        "request_tones": TONES,
        "request_ways": WAYS,
        "request_sources": SOURCES,
        "request_languages": LANGUAGES,
    }
