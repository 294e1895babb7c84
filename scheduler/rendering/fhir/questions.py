"""Questionnaires, what was answered, and totals.

A response has no codes of its own in R4: they stand in the questionnaire, which goes along. The links of
the questions are LOINC's own where there are any ("/69725-0"), so that a reader who knows its panels needs
nothing else.
"""

from collections.abc import Iterator
from typing import Any

from scheduler.rendering.fhir.facts import Answer, Course, Instrument, Rating, Visit
from scheduler.rendering.fhir.values import (
    EXTENSIONS,
    LOINC,
    TERMS,
    Resource,
    Value,
    coding,
    concept,
    filled,
    made,
    moment,
    quantity,
    slug,
    to,
)

SURVEY = [concept(coding(f"{TERMS}/observation-category", "survey", "Survey"))]
POINTS = "time-point"


def questionnaire(instrument: Instrument, base: str) -> Resource:
    """An instrument in English, with the codes of its questions and answers."""
    id_ = _id(instrument)
    questions = instrument.items["en"]
    return made(
        "Questionnaire",
        id_,
        url=f"{base}/Questionnaire/{id_}",
        version=str(instrument.version),
        title=instrument.name,
        status="active",
        subjectType=["Patient"],
        copyright=instrument.licence,
        code=[coding(LOINC, instrument.loinc_panel)] if instrument.loinc_panel else [],
        item=[
            filled(
                {
                    "linkId": _link(instrument, place),
                    "code": [coding(LOINC, instrument.loinc_items[place])] if instrument.loinc_items else [],
                    "text": f"{instrument.lead} {text}".strip(),
                    "type": "choice" if instrument.answers else "integer",
                    "answerOption": [_option(instrument, value) for value in range(len(instrument.answers))],
                }
            )
            for place, text in enumerate(questions)
        ],
    )


def response(course: Course, rating: Rating, patient_id: int, base: str) -> Resource:
    """The answers of one rating; a question that was left out stands there without an answer."""
    instrument, asked = rating.instrument, rating.instrument.items
    texts = asked.get(rating.language, asked["en"])
    complete = rating.total is not None
    return made(
        "QuestionnaireResponse",
        f"rating-{rating.id}",
        meta={"tag": [coding(f"{base}/CodeSystem/{POINTS}", slug(rating.time_point), rating.when)]},
        language=rating.language,
        basedOn=[to("CarePlan", course.id)],
        questionnaire=f"{base}/Questionnaire/{_id(instrument)}|{instrument.version}",
        status="entered-in-error" if rating.error else "completed" if complete else "in-progress",
        subject=to("Patient", patient_id),
        authored=moment(rating.rated_at, course.site.tz),
        source=to("Patient", patient_id) if rating.by_patient else None,
        item=[
            filled(
                {
                    "linkId": _link(instrument, place),
                    "text": texts[place],
                    "answer": [_answer(instrument, value)] if value is not None else [],
                }
            )
            for place, value in enumerate(rating.answers)
        ],
    )


def total(course: Course, rating: Rating, patient_id: int) -> Iterator[Resource]:
    """The total; none where a question was left out, because an incomplete total is no number."""
    if rating.total is None:
        return
    instrument = rating.instrument
    codes = [coding(LOINC, instrument.loinc_total)] if instrument.loinc_total else []
    yield made(
        "Observation",
        f"rating-{rating.id}-total",
        basedOn=[to("CarePlan", course.id)],
        status="entered-in-error" if rating.error else "final",
        category=SURVEY,
        code=concept(*codes, text=f"{instrument.name}, total"),
        subject=to("Patient", patient_id),
        effectiveDateTime=moment(rating.rated_at, course.site.tz),
        valueQuantity=quantity(rating.total, "points", "{score}"),
        note=[{"text": rating.error}] if rating.error else [],
        derivedFrom=[to("QuestionnaireResponse", f"rating-{rating.id}")],
    )


def checks(course: Course, visit: Visit, patient_id: int) -> Iterator[Resource]:
    """What was checked before the infusion and at discharge, question by question, as it was answered."""
    log = visit.log
    if log is None or not log.answers:
        return
    yield made(
        "QuestionnaireResponse",
        f"log-{log.id}",
        basedOn=[to("CarePlan", course.id)],
        partOf=[to("Procedure", visit.id)],
        status="completed" if log.is_signed else "in-progress",
        subject=to("Patient", patient_id),
        encounter=to("Encounter", visit.id),
        authored=moment(log.begun_at, course.site.tz),
        item=[_check(each) for each in log.answers],
    )


def _check(answer: Answer) -> Value:
    return {"linkId": answer.field, "text": answer.question, "answer": [{"valueString": answer.words}]}


def _id(instrument: Instrument) -> str:
    return f"{slug(instrument.code)}-{instrument.version}"


def _link(instrument: Instrument, place: int) -> str:
    return f"/{instrument.loinc_items[place]}" if instrument.loinc_items else str(place + 1)


def _answer(instrument: Instrument, value: int) -> Value:
    """The coded answer where LOINC has one, else the number that was chosen."""
    if not instrument.loinc_answers:
        return {"valueInteger": value}
    place = value - instrument.least
    return {"valueCoding": coding(LOINC, instrument.loinc_answers[place], instrument.answers[place])}


def _option(instrument: Instrument, place: int) -> Value:
    option: dict[str, Any] = _answer(instrument, instrument.least + place)
    if "valueCoding" in option:
        ordinal = {"url": f"{EXTENSIONS}/ordinalValue", "valueDecimal": instrument.least + place}
        return {"valueCoding": {"extension": [ordinal], **option["valueCoding"]}}
    return option
