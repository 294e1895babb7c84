"""The rows that the addresses in the table of routes stand for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.actor import COMMAND, Actor
from scheduler.features.accounts.actions.access_tokens import create_token
from scheduler.features.courses.actions.expect import expect
from scheduler.features.infusion_logs.actions.vitals import Measured, add_reading
from scheduler.features.intake.consents.texts.actions import add_consent
from scheduler.features.intake.consents.texts.form import Where
from scheduler.features.intake.consultations.actions.book import book
from scheduler.features.intake.consultations.order import Place
from scheduler.features.outbox.actions.webhook_endpoints import add_endpoint, send_test
from scheduler.features.path.actions.turn import close
from scheduler.features.patients.imports.sniff import sniff
from scheduler.features.patients.imports.steps import bring_file
from scheduler.features.ratings.own.actions import add_draft, publish
from scheduler.features.ratings.plan import USUAL, Line, stored
from scheduler.features.tasks.actions import raise_task
from scheduler.features.waiting.actions.entries import add_entry
from scheduler.features.waiting.wish import ALL_WEEK, Wish
from scheduler.models import (
    AccessToken,
    AccountLink,
    Alert,
    AlertKind,
    Closure,
    CognitiveTask,
    ConsultationLink,
    CourseMedicine,
    DeliveryStatus,
    EmergencyAccess,
    Feed,
    ImportState,
    InfusionStatus,
    KeptForm,
    LegalHold,
    MessageStatus,
    PatientDevice,
    PatientLink,
    PreparationItem,
    PublishedCalendar,
    RatingLink,
    RetentionRun,
    TimePoint,
)
from scheduler.tokens import token_hash
from tests.support import consents
from tests.support.booked import confirm
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, small_clinic
from tests.support.own_instrument import own_instrument
from tests.support.requests import make_request
from tests.support.screenings import begun, signed
from tests.support.visits import add_six

WALL_TOKEN = "the-wall-of-the-table"
TALK_TOKEN = "the-consultation-of-the-table"
VISIT_TOKEN = "the-visit-of-the-table"
FEED_TOKEN = "the-feed-of-the-table"
SHEET_TOKEN = "the-sheet-of-the-table"
DATES_TOKEN = "all-dates-of-the-table"
ACCOUNT_TOKEN = "the-account-of-the-table"
LEAVE_TOKEN = "the-way-out-of-the-table"
PAPERS_TOKEN = "the-documents-of-the-table"
PAGES_TOKEN = "the-door-of-the-table"
DEVICE_TOKEN = "the-phone-of-the-table"
LATER = datetime(2027, 3, 1, 14, tzinfo=UTC)
"""After everything here. A look notes the last use once a minute; not where that is yet to come."""


def link(raw: str, purpose: str, patient_id: int, infusion_id: int | None = None) -> PatientLink:
    """A link that a patient was sent; only one to visits notes when it was looked at."""
    return PatientLink(
        token_hash=token_hash(raw),
        purpose=purpose,
        patient_id=patient_id,
        infusion_id=infusion_id,
        created_at=NOW,
        expires_at=LATER,
        last_used_at=LATER if infusion_id else None,
    )


def fill(session: Session) -> SmallClinic:
    """What the numbers in the table stand for: patient 1 with course 1, visit 1 and a message that failed,
    and with course 2 that lacks its last visit; patient 2 without anything, patient 3 archived.
    """
    clinic = small_clinic(session)
    for number, archived in ((2, None), (3, clinic.patient.created_at)):
        from_list = make_patient(session, clinic.site, number, given_name="Otto", family_name="Vogel")
        from_list.archived_at = archived
    tasks = tuple(Line((task.value, 1), TimePoint.POST_2H) for task in CognitiveTask)
    clinic.protocol_version.rating_plan = stored(replace(USUAL, tasks=tasks))
    days = [TODAY, *(TODAY.replace(day=day) for day in (4, 6, 9, 11, 13))]
    course, visits = add_six(session, clinic, days)
    _, second = add_six(session, clinic, [TODAY.replace(day=day) for day in (16, 18, 20, 23, 25, 27)])
    second[-1].status = InfusionStatus.CANCELLED
    session.add(
        AccountLink(
            user_id=clinic.users["nurse"].id,
            kind="lost",
            token_hash=token_hash(ACCOUNT_TOKEN),
            made_at=NOW,
            ends_at=LATER,
        )
    )
    session.add(
        Closure(site_id=1, chair_id=2, starts_at=LATER, ends_at=LATER + timedelta(hours=1), reason="Service")
    )
    session.add(
        AccessToken(
            kind="wall",
            name="Hall",
            token_hash=token_hash(WALL_TOKEN),
            site_id=clinic.site.id,
            created_at=LATER,
            last_used_at=LATER,
        )
    )
    session.add(PreparationItem(position=1, label="Escort", words={"en": "An adult takes me home."}))
    session.add(link(VISIT_TOKEN, "visit", 1, visits[3].id))
    session.add(
        Alert(
            kind=AlertKind.ITEM_9,
            patient_id=1,
            course_id=course.id,
            dedupe_key="item-9",
            raised_at=NOW,
            facts={},
        )
    )
    session.add(CourseMedicine(course_id=course.id, name="Lorazepam", dose="0.5 mg", noted_at=NOW))
    session.add(
        RatingLink(
            token_hash=token_hash(SHEET_TOKEN),
            course_id=course.id,
            infusion_id=visits[0].id,
            time_point=TimePoint.POST_2H,
            created_at=NOW,
            expires_at=LATER,
        )
    )
    session.add(link(DATES_TOKEN, "course", 1, visits[0].id))
    session.add(link(LEAVE_TOKEN, "unsubscribe", 1))
    consents.signed(session, 1, consents.add_text(session, "Treatment"), "Marta")
    consents.add_text(session, "Photographs")
    add_consent(session, COMMAND, NOW, Where("Visitors"), {"en": {"title": "Visitors", "text": "They wait."}})
    session.add(link(PAPERS_TOKEN, "consents", 2))
    session.add(link(PAGES_TOKEN, "pages", 2))
    session.add(
        PatientDevice(
            token_hash=token_hash(DEVICE_TOKEN),
            patient_id=1,
            is_remembered=True,
            agent="a telephone",
            created_at=NOW,
            last_seen_at=LATER,
            ends_at=LATER,
        )
    )
    session.add(Feed(token_hash=token_hash(FEED_TOKEN), patient_id=1, created_at=NOW, last_read_at=LATER))
    session.add(
        PublishedCalendar(
            user_id=clinic.users["clinician"].id,
            url="https://calendar.example.org/dav/a/",
            created_at=NOW,
            next_look_at=NOW,
        )
    )
    clinician = clinic.users["clinician"].id
    # Chart 1 is open to the front desk in an emergency.
    session.add(
        EmergencyAccess(
            user_id=clinic.users["front_desk"].id,
            patient_id=1,
            reason="Collapsed at the door",
            opened_at=NOW,
            ends_at=LATER,
        )
    )
    # Record 2 is held; deletion 1 is over.
    session.add(LegalHold(patient_id=2, reason="A claim", placed_at=NOW))
    session.add(RetentionRun(asked_at=NOW, rules={}, total=1, position=1, people=1, rows=9, finished_at=NOW))
    session.add(KeptForm(user_id=clinician, path="/me/digest", page="/me", body=b"sealed", kept_at=NOW))
    session.flush()
    # Instrument 1 of the clinic's own is a draft, 2 is published.
    for _ in range(2):
        own = add_draft(session, COMMAND, NOW, own_instrument())
    publish(session, COMMAND, NOW, own, 1)
    create_token(session, COMMAND, NOW, kind="api", name="Lab", scopes=["patients:read"])
    endpoint = add_endpoint(session, COMMAND, NOW, "https://lab.example.org/", ["course.held"], private=False)
    send_test(session, COMMAND, NOW, endpoint.id).status = DeliveryStatus.DEAD
    raise_task(session, NOW, kind="visit_broken", dedupe_key="one", site_id=1, patient_id=1, infusion_id=1)
    # Change 1, which can be undone: a late patient said when they come.
    expect(session, Actor(None, "Rosa"), NOW, visits[1].id, visits[1].starts_at + timedelta(minutes=20))
    # Reading 1 in the log of visit 1 is above the limit.
    add_reading(session, COMMAND, NOW, visits[0].id, Measured("key-of-the-first", sbp=184, dbp=102))
    # Import 1 waits for its columns, import 2 is checked.
    for _ in range(2):
        file = b'Name,Born\r\n"Ruiz, Ana",1986-03-14\r\n'
        brought = bring_file(session, Actor(None, "Rosa"), NOW, 1, "old.csv", file, sniff(file, "dmy"))
    brought.state = ImportState.CHECKED
    # Entry 1 of the waiting list: the fourth visit, sooner.
    add_entry(session, Actor(None, "Rosa"), NOW, course.id, visits[3].id, Wish(True, ALL_WEEK))
    message = confirm(session, course, visits)
    session.flush()
    message.status = MessageStatus.DEAD
    message.reason = "refused"
    # Request 1 is new, request 2 is closed and under hold 2.
    make_request(session, clinic)
    close(session, Actor(None, "Rosa"), NOW, make_request(session, clinic, 2).id, "Went elsewhere")
    session.add(LegalHold(request_id=2, reason="A claim", placed_at=NOW))
    # Consultation 1, of request 3, is this afternoon.
    place = Place(clinic.users["clinician"].id, NOW + timedelta(hours=5), "in_person")
    talk = book(session, Actor(None, "Rosa"), NOW, make_request(session, clinic, 3).id, place, "filled")
    session.add(
        ConsultationLink(
            token_hash=token_hash(TALK_TOKEN), consultation_id=talk.id, created_at=NOW, last_used_at=NOW
        )
    )
    # Screening 1 is signed, 2 was begun before the next course.
    signed(session, clinic, begun(session, clinic), "not_now", "Later")
    begun(session, clinic, {"worry": "yes"})
    return clinic
