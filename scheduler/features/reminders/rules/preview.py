"""What a patient would read: the words filled with a visit that there might be, at a site that there is."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from scheduler.features.reminders.rules.kinds import Kind
from scheduler.models import Purpose, Site
from scheduler.rendering import text
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, DateOrder, Locale, VisitFacts
from scheduler.rendering.language import load
from scheduler.rendering.phones import readable
from scheduler.rendering.sms import Fit, fits, plain
from scheduler.rendering.words import Own, facts_of, fill_places

DAYS_AHEAD = 3
TOKEN_LENGTH = 43
"""How long the secret in a link is, so that the preview is as long as the message."""


@dataclass(frozen=True)
class Preview:
    """A message as it would go out. `fit` is None for a mail; `shown` is what a text of these words says."""

    subject: str
    shown: str
    fit: Fit | None = None


def sample(site: Site, now: datetime, base_url: str) -> VisitFacts:
    """A visit at the site in three days, at half past nine."""
    day = now.astimezone(ZoneInfo(site.tz)).date() + timedelta(days=DAYS_AHEAD)
    return _visit(site, datetime.combine(day, time(9, 30), tzinfo=ZoneInfo(site.tz)), base_url)


def longest(site: Site, now: datetime, base_url: str, language_code: str) -> VisitFacts:
    """The visit of the coming year whose date takes most characters: what is saved must fit then too."""
    language, locale = load(language_code), locale_of(site)
    days = (now.astimezone(ZoneInfo(site.tz)).date() + timedelta(days=number) for number in range(366))
    visits = [
        _visit(site, datetime.combine(day, time(10), tzinfo=ZoneInfo(site.tz)), base_url) for day in days
    ]

    def length(visit: VisitFacts) -> int:
        facts = facts_of(visit, ClinicFacts("", ""), locale, language, short=True)
        return len(facts["date"]) + len(facts["time"]) + len(facts["zone"])

    return max(visits, key=length)


def preview(kind: Kind, own: Own, site: Site, visit: VisitFacts) -> Preview:
    """Fill the words. Raises RenderError for a place that there is none of, or facts that can't be sent."""
    clinic = ClinicFacts(site.discreet_name, site.from_email)
    locale, code = locale_of(site), kind.language
    if kind.is_text:
        told = text_of(own, visit, clinic, locale, code)
        return Preview("", told, fits(told))
    was = VisitFacts(
        visit.starts_at - timedelta(days=1), visit.tz, visit.place_name, visit.address, visit.phone
    )
    match kind.purpose:
        case Purpose.REMINDER:
            words = text.reminder(visit, clinic, locale, code, own)
        case Purpose.INVITATION:
            words = text.invitation(visit, clinic, locale, code, own)
        case Purpose.VISIT_MOVED:
            words = text.visit_moved(visit, was, clinic, locale, code, own)
        case Purpose.VISIT_CANCELLED:
            words = text.visit_cancelled(visit, clinic, locale, code, own)
        case _:
            words = text.booking_confirmation([visit], clinic, locale, code, own)
    return Preview(words.subject, words.text.strip())


def tried(kind: Kind, own: Own, site: Site, visit: VisitFacts) -> tuple[Preview | None, str]:
    """The preview, or why there is none."""
    try:
        return preview(kind, own, site, visit), ""
    except RenderError as error:
        return None, error.sentence


def text_of(own: Own, visit: VisitFacts, clinic: ClinicFacts, locale: Locale, code: str) -> str:
    """A text of these words: with the link if it still is one text with it, else without."""
    told = ""
    for link in dict.fromkeys((visit.link, "")):
        facts = {**facts_of(visit, clinic, locale, load(code), short=True), "link": link}
        told = plain(" ".join(fill_places(own.body, facts).split()))
        if fits(told).is_one:
            break
    return told


def locale_of(site: Site) -> Locale:
    """How the site writes dates."""
    return Locale(cast(DateOrder, site.date_order), site.clock24)


def _visit(site: Site, starts_at: datetime, base_url: str) -> VisitFacts:
    return VisitFacts(
        starts_at.astimezone(ZoneInfo("UTC")),
        site.tz,
        site.discreet_name,
        site.address,
        readable(site.phone),
        f"{base_url}/v/{'x' * TOKEN_LENGTH}",
    )
