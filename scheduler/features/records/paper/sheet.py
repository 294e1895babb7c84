"""The whole record of one person as one PDF: who they are, how they came, each course, what was written."""

from datetime import datetime

from scheduler.features.records.paper.parts import consent_sheet, screening_sheet, tables
from scheduler.features.records.queries.papers import Papers
from scheduler.features.review.paper.sheet import course_sheet
from scheduler.features.review.paper.wall import Wall, said_day
from scheduler.rendering.canonical import plain
from scheduler.rendering.pdf import make_pdf
from scheduler.rendering.templates import fill

LANGUAGES = {"en": "English", "es": "Spanish"}


def person_pdf(papers: Papers, now: datetime) -> bytes:
    """The file; `now` is when it was true. Raises CannotMakePdf."""
    wall, person = Wall(papers.site["tz"]), papers.person
    name, born = f"{person['given_name']} {person['family_name']}", said_day(person["birth_date"])
    cautions, requests, choices, messages = tables(papers, wall)
    html = fill(
        "pdf/person.html",
        who=name,
        running=f"{name}, born {born}. Whole record",
        site=papers.site["name"],
        tz=wall.tz,
        dated=plain(now.replace(microsecond=0)),
        as_of=wall.moment(plain(now)),
        facts=[
            ("Born", born),
            ("Record no.", person["record_number"]),
            *([("Parent or guardian", person["guardian_name"])] if person["guardian_name"] else []),
            ("Phone", person["phone"] or "None"),
            ("E-mail", person["email"] or "None"),
            ("Language", LANGUAGES[person["language"]]),
            ("Known since", said_day(wall.local(person["known_since"]).date())),
        ],
        before=[cautions, requests],
        screenings=[screening_sheet(each, wall) for each in papers.screenings],
        consents=[consent_sheet(each, wall) for each in papers.consents],
        courses=[course_sheet(record, drawn, now) for record, drawn in papers.courses],
        after=[choices, messages],
        letter=papers.letter,
    )
    return make_pdf(html)
