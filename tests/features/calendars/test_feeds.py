"""Feeds: what each kind shows, how it is answered again, and when an address ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import ics
import pytest
import vobject
from sqlalchemy import select, update

from scheduler.db import Database
from scheduler.features.calendars.feeds import answer as answers
from scheduler.features.calendars.feeds.entries import facts_of
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.models import Chair, Feed, InfusionStatus, Patient, Site, User
from scheduler.rendering import feeds as rendered
from tests.features.calendars.conftest import Diary
from tests.support.booked import wall
from tests.support.clinic import NOW

CANCELLED = {"status": InfusionStatus.CANCELLED, "ics_sequence": 1, "ics_dtstamp": NOW}


def titles(text: str) -> list[str]:
    calendar = vobject.readOne(text)
    assert len(ics.Calendar(text).events) == len(calendar.contents.get("vevent", []))
    return [event.summary.value for event in calendar.contents.get("vevent", [])]


def test_a_patients_feed_says_what_the_invitations_say(diary: Diary) -> None:
    got = diary.client.get(diary.path("patient", diary.clinic.patient.id))
    assert got.headers["Content-Type"] == "text/calendar; charset=utf-8"
    read = vobject.readOne(got.text)
    assert (read.method.value, read.x_wr_calname.value) == ("PUBLISH", "Riverside Clinic")
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in got.text and "X-PUBLISHED-TTL:PT1H" in got.text
    assert [event.uid.value for event in read.vevent_list] == [visit.ics_uid for visit in diary.visits]
    assert [event.dtstart.value for event in read.vevent_list] == [v.starts_at for v in diary.visits]
    assert "ATTENDEE" not in got.text and {e.organizer.value for e in read.vevent_list} == {
        "mailto:appointments@riverside.example"
    }
    assert set(titles(got.text)) == {"Appointment"}


def test_staff_feeds_name_no_patient_and_no_uid_of_an_invitation(diary: Diary) -> None:
    paths = [
        diary.path("chair", diary.clinic.chairs[0].id),
        diary.path("user", diary.clinic.users["clinician"].id),
        diary.path("site", diary.clinic.site.id),
    ]
    chair, clinician, site = (diary.client.get(path).text for path in paths)
    assert titles(chair) == ["Chair 1 – booked"] * 6
    assert titles(clinician) == ["RV-00001"] * 6
    assert titles(site) == ["1 visit"] * 6
    for text in (chair, clinician, site):
        assert "Lindqvist" not in text and "Marta" not in text and "@example.org" not in text
        assert not any(visit.ics_uid in text for visit in diary.visits)


def test_a_clinicians_feed_holds_the_visits_while_they_are_on_duty(diary: Diary) -> None:
    path = diary.path("user", diary.clinic.users["clinician"].id)
    saturday = wall(diary.clinic, "2026-11-07 13:30")
    early = wall(diary.clinic, "2026-11-04 05:00")
    for visit, start in zip(diary.visits[:2], (saturday, early), strict=True):
        end = start + timedelta(hours=2)
        diary.change(
            visit, starts_at=start, ends_at=end, chair_until=end, local_day=start.date(), ics_sequence=1
        )
    assert len(titles(diary.client.get(path).text)) == 4


def test_a_feed_is_the_same_bytes_until_something_changes_and_then_says_so(diary: Diary) -> None:
    path = diary.path("patient", diary.clinic.patient.id)
    first = diary.client.get(path)
    diary.at += timedelta(minutes=5)
    again = diary.client.get(path)
    assert again.data == first.data and again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Last-Modified"] == "Mon, 02 Nov 2026 15:00:00 GMT"
    known = {"If-None-Match": first.headers["ETag"]}
    not_modified = diary.client.get(path, headers=known)
    assert (not_modified.status_code, not_modified.data) == (304, b"")
    assert not_modified.headers["ETag"] == first.headers["ETag"]
    later = diary.visits[2].starts_at + timedelta(hours=1)
    ends = later + timedelta(hours=2)
    diary.change(
        diary.visits[2], starts_at=later, ends_at=ends, chair_until=ends, ics_sequence=1, ics_dtstamp=diary.at
    )
    moved = diary.client.get(path, headers=known)
    assert moved.status_code == 200 and moved.headers["ETag"] != first.headers["ETag"]
    before, after = first.text.split("BEGIN:VEVENT"), moved.text.split("BEGIN:VEVENT")
    assert [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [3]


def test_what_a_program_has_already_is_not_built_again(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    path = diary.path("chair", diary.clinic.chairs[0].id)
    known = {"If-None-Match": diary.client.get(path).headers["ETag"]}

    def built(*_: object) -> None:
        raise AssertionError("it was built")

    monkeypatch.setattr(answers, "facts_of", built)
    assert diary.client.get(path, headers=known).status_code == 304


@pytest.mark.parametrize("kind", ["patient", "user", "chair", "site"])
def test_a_change_of_anything_that_a_feed_shows_is_seen(diary: Diary, kind: str) -> None:
    owners = {
        "patient": diary.clinic.patient.id,
        "user": diary.clinic.users["clinician"].id,
        "chair": diary.clinic.chairs[0].id,
        "site": diary.clinic.site.id,
    }
    path = diary.path(kind, owners[kind])  # type: ignore[arg-type]
    changes = [
        update(Site).values(address="1 New Street", version=2),
        update(Chair).where(Chair.id == 1).values(name="Window", version=2),
        update(User).where(User.id == owners["user"]).values(name="Dr Okafor"),
        update(Patient).values(language="es", record_number="RV-77", version=2),
    ]
    shown = {"patient": {0, 3}, "user": {0, 2, 3}, "chair": {0, 1}, "site": {0}}[kind]
    for number, change in enumerate(changes):
        before = diary.client.get(path).headers["ETag"]
        with diary.database.write() as session:
            session.execute(change)
        after = diary.client.get(path).headers["ETag"]
        assert (before != after) == (number in shown), number


def test_a_cancelled_visit_stays_fourteen_days_and_then_goes(diary: Diary) -> None:
    path = diary.path("patient", diary.clinic.patient.id)
    diary.change(diary.visits[5], **CANCELLED)
    shown = vobject.readOne(diary.client.get(path).text).vevent_list
    assert [event.status.value for event in shown] == ["CONFIRMED"] * 5 + ["CANCELLED"]
    assert (shown[5].sequence.value, shown[5].transp.value) == ("1", "TRANSPARENT")
    diary.at = NOW + timedelta(days=14)
    assert len(titles(diary.client.get(path).text)) == 6
    diary.at = NOW + timedelta(days=15)
    assert len(titles(diary.client.get(path).text)) == 5


def test_a_site_counts_what_stands(diary: Diary) -> None:
    path = diary.path("site", diary.clinic.site.id)
    diary.change(diary.visits[5], **CANCELLED)
    moved = diary.visits[4]
    start = wall(diary.clinic, "2026-11-09 08:00")
    end = start + timedelta(hours=2)
    diary.change(moved, starts_at=start, ends_at=end, chair_until=end, local_day=start.date(), ics_sequence=1)
    text = diary.client.get(path).text
    assert titles(text) == ["1 visit", "1 visit", "1 visit", "2 visits"]
    last = vobject.readOne(text).vevent_list[-1]
    assert (last.dtstart.value, last.dtend.value) == (start, diary.visits[3].ends_at)


def test_one_bad_row_never_breaks_a_feed(diary: Diary) -> None:
    path = diary.path("patient", diary.clinic.patient.id)
    diary.change(diary.visits[1], ics_organizer="no\x01address")
    got = diary.client.get(path)
    assert got.status_code == 200 and len(titles(got.text)) == 5


def test_the_kept_bytes_are_those_the_library_writes(
    sqlite: Database, open_diary: Callable[[Database], Diary]
) -> None:
    diary = open_diary(sqlite)
    with sqlite.read() as session:
        facts = facts_of(session, Owner("patient", diary.clinic.patient.id), NOW)
    odd = [replace(entry, title="Ä – „a, b; c\\d“ " + "lang " * 30) for entry in facts.entries]
    for entries in (facts.entries, odd):
        whole = rendered.whole_calendar(entries, facts.name, "en")
        assert rendered.feed(entries, facts.name, "en") == (whole, 0)
        assert rendered.feed(entries, facts.name, "en") == (whole, 0)


def test_unknown_revoked_and_ended_addresses_are_the_same_404(diary: Diary) -> None:
    patient, user, chair, site = paths = [
        diary.path("patient", diary.clinic.patient.id),
        diary.path("user", diary.clinic.users["clinician"].id),
        diary.path("chair", diary.clinic.chairs[0].id),
        diary.path("site", diary.clinic.site.id),
    ]
    rotated = diary.path("patient", diary.clinic.patient.id)
    assert [diary.client.get(path).status_code for path in paths] == [404, 200, 200, 200]
    with diary.database.write() as session:
        session.execute(update(User).values(disabled_at=NOW))
        session.execute(update(Chair).values(retired_at=NOW + timedelta(days=80)))
    last = diary.visits[-1].ends_at
    diary.at = last + timedelta(days=60)
    assert [diary.client.get(path).status_code for path in (rotated, user, chair, site)] == [
        200,
        404,
        200,
        200,
    ]
    diary.at = last + timedelta(days=90)
    with diary.database.write() as session:
        session.execute(update(Site).values(archived_at=NOW))
    answers_ = [diary.client.get(path) for path in (patient, rotated, user, chair, site, "/feeds/never.ics")]
    assert {got.status_code for got in answers_} == {404}
    assert len({got.data for got in answers_}) == 1
    told = [{k: v for k, v in got.headers.items() if k != "X-Request-ID"} for got in answers_]
    assert all(each == told[0] for each in told)


def test_who_read_a_feed_last_is_noted_once_a_minute_and_no_cookie_is_looked_at(diary: Diary) -> None:
    path = diary.path("chair", diary.clinic.chairs[0].id)

    def noted() -> tuple[object, object]:
        with diary.database.read() as session:
            row = session.scalars(select(Feed)).one()
            return row.last_read_at, row.last_agent

    got = diary.client.get(path, headers={"User-Agent": "Thunderbird/140"})
    assert "Set-Cookie" not in got.headers
    assert got.headers["Cache-Control"] == "private" and got.headers["X-Robots-Tag"] == "noindex"
    assert noted() == (NOW, "Thunderbird/140")
    diary.at = NOW + timedelta(seconds=59)
    diary.client.get(path, headers={"User-Agent": "Other/1"})
    assert noted() == (NOW, "Thunderbird/140")
    diary.at = NOW + timedelta(seconds=60)
    diary.client.get(path, headers={"User-Agent": "Other/1"})
    assert noted() == (diary.at, "Other/1")
