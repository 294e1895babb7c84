"""What the text messages say: facts in, one text of at most 160 GSM-7 characters out.

A text is read on a lock screen, so it says when and where and whom to call, and never what for. The fullest
wording that is one text is taken: a long street address goes first, then the polite words, then the link,
because C and R by reply do the same. Clinic, day, time with its zone, and phone always stand.
"""

from collections.abc import Sequence
from contextlib import suppress

from scheduler.rendering import dates
from scheduler.rendering.discreet import discreet_line
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, Locale, VisitFacts
from scheduler.rendering.language import Language, load
from scheduler.rendering.plain import one_line
from scheduler.rendering.sms import first_that_fits
from scheduler.rendering.words import Own, facts_of, fill_places


def about(
    purpose: str,
    visit: VisitFacts,
    clinic: ClinicFacts,
    locale: Locale,
    language_code: str,
    own: Own | None = None,
) -> str:
    """One visit: `purpose` is a phrase of `phrases.sms` that holds a moment ("reminder", "confirmed" …)."""
    language = load(language_code)
    _look_at([visit], clinic, language)
    return _told(purpose, visit, clinic, locale, language, own)


def booked(
    visits: Sequence[VisitFacts],
    clinic: ClinicFacts,
    locale: Locale,
    language_code: str,
    own: Own | None = None,
) -> str:
    """That visits are booked: how many, and the first of them."""
    if not visits:
        raise RenderError("There is no appointment left to confirm.")
    language = load(language_code)
    _look_at(visits, clinic, language)
    first = min(visits, key=lambda visit: visit.starts_at)
    return _told("booked", first, clinic, locale, language, own, count=len(visits))


def change_asked(visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str) -> str:
    """The answer to R: the page on which another time is chosen if there is one, else that the desk looks."""
    if visit.link:
        with suppress(RenderError):
            return answer("change_link", clinic, visit.phone, language_code, visit.link)
    return about("change_asked", visit, clinic, locale, language_code)


def answer(purpose: str, clinic: ClinicFacts, phone: str, language_code: str, link: str = "") -> str:
    """An answer that names no visit: "stopped", "started", "help", "unclear"."""
    language = load(language_code)
    _look_at([], clinic, language)
    facts = {"clinic": clinic.discreet_name, "phone": one_line(phone, "The phone number"), "link": link}
    return first_that_fits([language.say(f"sms.{purpose}", **facts)])


def only_link(group: str, clinic: ClinicFacts, phone: str, link: str, language_code: str) -> str:
    """Bring a link, as `text.only_link`; it always stands, for without it the text is of no use."""
    language = load(language_code)
    _look_at([], clinic, language)
    facts = {"clinic": clinic.discreet_name, "phone": one_line(phone, "The phone number"), "link": link}
    return first_that_fits([language.say(f"sms.{key}", **facts) for key in (group, f"{group}_brief")])


def _told(
    purpose: str,
    visit: VisitFacts,
    clinic: ClinicFacts,
    locale: Locale,
    language: Language,
    own: Own | None = None,
    **more: object,
) -> str:
    moment = dates.short_moment(visit, locale, language)
    place = visit.how or visit.address
    where, link = f", {place}" if place else "", f" {visit.link}" if visit.link else ""
    full = f"sms.{purpose}"
    brief, linked = (
        f"{full}_{kind}" if f"{purpose}_{kind}" in language.phrases["sms"] else full
        for kind in ("brief", "link")
    )
    # A street can be found out; that nobody has to go there can not.
    less = where if visit.how else ""
    without = [(full, where, ""), (full, less, ""), (brief, less, "")]
    with_link = [(full, where, link), (full, less, link), (linked, less, link)] if link else []
    shipped = (
        language.say(
            phrase,
            clinic=clinic.discreet_name,
            moment=moment,
            where=place,
            phone=visit.phone,
            link=page,
            **more,
        )
        for phrase, place, page in (*with_link, *without)
    )
    # Own words were counted when they were saved; should a longer address have come since, ours go out.
    return first_that_fits([*_own(own, visit, clinic, locale, language), *shipped])


def _own(
    own: Own | None, visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language: Language
) -> list[str]:
    if own is None:
        return []
    facts = facts_of(visit, clinic, locale, language, short=True)
    links = dict.fromkeys((visit.link, ""))  # Where the address of the page is too much, C and R do the same.
    return [" ".join(fill_places(own.body, {**facts, "link": link}).split()) for link in links]


def _look_at(visits: Sequence[VisitFacts], clinic: ClinicFacts, language: Language) -> None:
    discreet_line(clinic.discreet_name, "The clinic's name in messages", language.banned)
    for visit in visits:
        one_line(visit.address, "The address of the place")
        one_line(visit.phone, "The phone number of the place")
