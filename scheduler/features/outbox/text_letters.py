"""What a text message says now, from the rows as they are. The words stand in `rendering/short.py`."""

from dataclasses import replace
from datetime import datetime

from scheduler.features.outbox.letters import ONLY_LINKS, Letter, visit_facts
from scheduler.models import Purpose, Site
from scheduler.rendering import short
from scheduler.rendering.facts import VisitFacts
from scheduler.rendering.phones import readable


def text_of(letter: Letter, sites: dict[int, Site], link: str) -> str:
    """Say it in at most 160 characters. `sites` are those of all its visits by id; `link` may be empty."""
    message, language, locale = letter.message, letter.message.language, letter.locale
    visits = [replace(visit_facts(visit, sites[visit.site_id]), link=link) for visit in letter.visits]
    if message.purpose is Purpose.ANSWER:
        return _answer(letter, visits[0] if visits else None)
    if group := ONLY_LINKS.get(message.purpose):
        return short.only_link(group, letter.clinic, readable(letter.site.phone), link, language)
    told = message.facts.get("was")
    if message.purpose is Purpose.REMINDER:
        return short.about("reminder", visits[0], letter.clinic, locale, language, letter.own)
    if message.purpose is Purpose.VISIT_CANCELLED:
        was = replace(visits[0], starts_at=datetime.fromisoformat(told)) if told else visits[0]
        return short.about("visit_cancelled", was, letter.clinic, locale, language, letter.own)
    if message.purpose is Purpose.VISIT_MOVED and told:
        return short.about("visit_moved", visits[0], letter.clinic, locale, language, letter.own)
    # A visit that the patient hears of for the first time is confirmed like a booking.
    return short.booked(visits, letter.clinic, locale, language, letter.own)


def _answer(letter: Letter, visit: VisitFacts | None) -> str:
    kind, language = str(letter.message.facts["answer"]), letter.message.language
    if visit is None:
        return short.answer(kind, letter.clinic, readable(letter.site.phone), language)
    if kind == "change_asked":
        return short.change_asked(visit, letter.clinic, letter.locale, language)
    return short.about(kind, visit, letter.clinic, letter.locale, language)
