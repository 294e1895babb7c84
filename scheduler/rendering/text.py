"""What the mails say. One function for each purpose: facts in, words out.

The clinic's own words stand in place of the subject and of the sentences above the dates; the dates, the
place and the phone follow in every mail, whatever somebody wrote.
"""

from collections.abc import Callable, Sequence

from scheduler.rendering import dates
from scheduler.rendering.discreet import discreet_line
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, Locale, VisitFacts, Words
from scheduler.rendering.language import Language, load
from scheduler.rendering.plain import one_line
from scheduler.rendering.templates import fill
from scheduler.rendering.words import WAS, Own, facts_of, fill_places


def booking_confirmation(
    visits: Sequence[VisitFacts],
    clinic: ClinicFacts,
    locale: Locale,
    language_code: str,
    own: Own | None = None,
    all_dates: str = "",
) -> Words:
    """Give one plain summary of all dates, earliest first; raises RenderError without any visit.

    `all_dates` is where they are to be had for a calendar, empty for nowhere.
    """
    if not visits:
        raise RenderError("There is no appointment left to confirm.")
    ordered = sorted(visits, key=lambda visit: visit.starts_at)
    language = load(language_code)
    _look_at(ordered, clinic, language)
    first, count = ordered[0], len(ordered)
    moment = dates.visit_moment(first, locale, language)
    day = dates.visit_day(first, locale, language)
    say = language.say
    subject, lead = _own(own, first, clinic, locale, language)
    return _bodies(
        "booking_confirmation",
        subject or say("confirmation_subject", count=count, day=day),
        say("confirmation_preheader", count=count, moment=moment, place=first.place_name),
        language,
        lead=lead or say("confirmation_lead", count=count, clinic=clinic.discreet_name),
        clinic=clinic,
        visits=ordered,
        one_place=len({(visit.place_name, visit.address, visit.phone) for visit in ordered}) == 1,
        moment=_moment_in(locale, language),
        all_dates=all_dates,
    )


def reminder(
    visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str, own: Own | None = None
) -> Words:
    """Give the reminder of one visit; the same words however many days before it goes out."""
    return _about("reminder", visit, clinic, locale, language_code, own)


def invitation(
    visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str, own: Own | None = None
) -> Words:
    """Give the few words beside a visit's first calendar invitation."""
    return _about("invitation", visit, clinic, locale, language_code, own)


def entry_updated(visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str) -> Words:
    """Say that a visit's calendar entry tells which visit it is from now on, or no longer does."""
    phrases = "entry_detailed" if visit.detail else "entry_discreet"
    return _about(phrases, visit, clinic, locale, language_code, None, letter="invitation")


def invitation_withdrawn(
    visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str, own: Own | None = None
) -> Words:
    """Say to a former address that a visit leaves its calendar; the visit itself stands."""
    return _about("invitation_withdrawn", visit, clinic, locale, language_code, own)


def visit_moved(
    visit: VisitFacts,
    was: VisitFacts,
    clinic: ClinicFacts,
    locale: Locale,
    language_code: str,
    own: Own | None = None,
) -> Words:
    """Give the update of one visit that the patient knows at the time of `was`."""
    return _change("visit_moved", visit, was, clinic, locale, language_code, own)


def visit_cancelled(
    visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str, own: Own | None = None
) -> Words:
    """Say that one visit, at the time that the patient knows, does not take place."""
    return _change("visit_cancelled", visit, visit, clinic, locale, language_code, own)


def only_link(group: str, clinic: ClinicFacts, phone: str, link: str, language_code: str) -> Words:
    """Bring a link, in the words of a group of phrases ("questions", "pages"): what it is about stands on the
    page alone.
    """
    language = load(language_code)
    _look_at([], clinic, language)
    return _bodies(
        "only_link",
        language.say(f"{group}.subject", clinic=clinic.discreet_name),
        language.say(f"{group}.preheader"),
        language,
        group=group,
        clinic=clinic,
        phone=one_line(phone, "The phone number of the place"),
        link=link,
    )


def consultation_booked(visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str) -> Words:
    """Tell somebody who asked for one that their appointment is booked."""
    return _about("consultation_booked", visit, clinic, locale, language_code, None, letter="invitation")


def consultation_reminder(
    visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str
) -> Words:
    """Remind somebody who asked of their appointment."""
    return _about("consultation_reminder", visit, clinic, locale, language_code, None, letter="invitation")


def consultation_moved(
    visit: VisitFacts, was: VisitFacts, clinic: ClinicFacts, locale: Locale, language_code: str
) -> Words:
    """Say that the appointment has another time, or is held another way."""
    return _change(
        "consultation_moved", visit, was, clinic, locale, language_code, None, letter="visit_moved"
    )


def request_received(clinic: ClinicFacts, phone: str, language_code: str) -> Words:
    """Say to somebody who has just asked that it has arrived, and no more than that."""
    language = load(language_code)
    _look_at([], clinic, language)
    return _bodies(
        "request_received",
        language.say("request_received.subject", clinic=clinic.discreet_name),
        language.say("request_received.preheader"),
        language,
        clinic=clinic,
        phone=one_line(phone, "The phone number of the place"),
    )


def to_staff(subject: str, body: str, clinic: str) -> Words:
    """A mail to a member of staff, as it was written: paragraphs with a blank line between them.

    The clinic's name ends it, once: the test of a mail for patients brings it along.
    """
    said = body.rstrip().removesuffix(f"\n\n{clinic}")
    facts = {"subject": subject, "body": said, "clinic": clinic, "language": "en"}
    return Words(
        subject=one_line(subject, "The subject"),
        preheader="",
        text=fill("mail/to_staff.txt.jinja", **facts),
        html=fill("mail/to_staff.html.jinja", **facts),
    )


def _about(
    purpose: str,
    visit: VisitFacts,
    clinic: ClinicFacts,
    locale: Locale,
    language_code: str,
    own: Own | None,
    letter: str = "",
) -> Words:
    """One visit in a letter: the phrases are the purpose's, the rest is the same for all.

    `letter` is the template, where it is not the one of the purpose.
    """
    language = load(language_code)
    _look_at([visit], clinic, language)
    moment = dates.visit_moment(visit, locale, language)
    subject, lead = _own(own, visit, clinic, locale, language)
    return _bodies(
        letter or purpose,
        subject or language.say(f"{purpose}.subject", moment=moment),
        language.say(
            f"{purpose}.preheader", place=visit.place_name, address=visit.address, where=visit.where
        ),
        language,
        lead=lead or language.say(f"{purpose}.lead", clinic=clinic.discreet_name),
        clinic=clinic,
        visits=[visit],
        one_place=True,
        moment=_moment_in(locale, language),
    )


def _change(
    purpose: str,
    visit: VisitFacts,
    was: VisitFacts,
    clinic: ClinicFacts,
    locale: Locale,
    language_code: str,
    own: Own | None,
    letter: str = "",
) -> Words:
    language = load(language_code)
    _look_at([visit], clinic, language)
    moment = dates.visit_moment(visit, locale, language)
    before = dates.visit_moment(was, locale, language)
    subject, lead = _own(own, visit, clinic, locale, language, before)
    return _bodies(
        letter or purpose,
        subject or language.say(f"{purpose}.subject", moment=moment),
        language.say(f"{purpose}.preheader", was=before, place=visit.place_name, where=visit.where),
        language,
        lead=lead or language.say(f"{purpose}.lead", clinic=clinic.discreet_name, was=before),
        clinic=clinic,
        visits=[visit],
        one_place=True,
        moment=_moment_in(locale, language),
    )


def _own(
    own: Own | None, visit: VisitFacts, clinic: ClinicFacts, locale: Locale, language: Language, was: str = ""
) -> tuple[str, str]:
    """Subject and lead in the clinic's own words; empty where those that ship hold."""
    if own is None:
        return "", ""
    facts = {**facts_of(visit, clinic, locale, language), **({WAS: was} if was else {})}
    return fill_places(own.subject, facts), fill_places(own.body, facts)


def _moment_in(locale: Locale, language: Language) -> Callable[[VisitFacts], str]:
    """The line of a visit in the body of a mail. No subject says which visit it is: others see the phone."""

    def line(visit: VisitFacts) -> str:
        moment = dates.visit_moment(visit, locale, language)
        return f"{moment}, {visit.detail}" if visit.detail else moment

    return line


def _bodies(purpose: str, subject: str, preheader: str, language: Language, **facts: object) -> Words:
    everything = {
        "subject": subject,
        "preheader": preheader,
        "t": language.say,
        "language": language.code,
        **facts,
    }
    return Words(
        subject=subject,
        preheader=preheader,
        text=fill(f"mail/{purpose}.txt.jinja", **everything),
        html=fill(f"mail/{purpose}.html.jinja", **everything),
    )


def _look_at(visits: Sequence[VisitFacts], clinic: ClinicFacts, language: Language) -> None:
    discreet_line(clinic.discreet_name, "The clinic's name in messages", language.banned)
    for visit in visits:
        discreet_line(visit.place_name, "The name of the place", language.banned)
        one_line(visit.where, "The address of the place")
        one_line(visit.phone, "The phone number of the place")
