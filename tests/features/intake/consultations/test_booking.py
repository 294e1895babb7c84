"""A consultation is booked once, never on a time that is taken, and takes its clinician out of capacity."""

from datetime import datetime, timedelta

import pytest

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.capacity.kept import kept_ground
from scheduler.features.intake.consultations.actions.attend import attend, seen_for_request
from scheduler.features.intake.consultations.actions.book import book
from scheduler.features.intake.consultations.actions.change import cancel, move
from scheduler.features.intake.consultations.free import open_place, times_for
from scheduler.features.intake.consultations.order import Place
from scheduler.models import Consultation, ConsultationRequest, Duty, RequestStatus, Role, Site
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, add_duty, make_user
from tests.support.requests import ROSA, make_request

TUESDAY = "2026-11-10"


def place(clinic: SmallClinic, at: str, way: str = "phone") -> Place:
    """That local time with the clinician."""
    return Place(clinic.users["clinician"].id, wall(clinic, at), way)


def booked(
    database: Database, clinic: SmallClinic, at: str, request_id: int = 1, key: str = ""
) -> Consultation:
    """A consultation by phone, booked now."""
    with database.write() as session:
        return book(session, ROSA, NOW, request_id, place(clinic, at), key or f"key-{request_id}-{at}")


def status(database: Database, request_id: int = 1) -> tuple[RequestStatus, str, str]:
    """Where a request stands, what is next, and by when."""
    with database.read() as session:
        row = session.get_one(ConsultationRequest, request_id)
        return row.status, row.next_step, str(row.next_due)


def test_a_booked_time_is_no_longer_offered_and_no_infusion_counts_on_its_clinician(
    database: Database, clinic: SmallClinic
) -> None:
    booked(database, clinic, f"{TUESDAY} 09:30")
    with database.read() as session:
        day = wall(clinic, TUESDAY + " 09:30").date()
        capacity, _ = kept_ground(session, [open_place(session, clinic.site.id)], day, day)
        presence = [(one.start, one.end) for one in capacity.clinician_presence if one.day == day]
        offered = times_for(session, NOW, clinic.site.id, ["1a"], "phone", count=50)
    assert presence == [(480, 570), (585, 1080)]
    taken = wall(clinic, f"{TUESDAY} 09:30")
    assert not [
        one for one in offered if one.starts_at < taken + timedelta(minutes=15) and one.ends_at > taken
    ]
    assert status(database) == (RequestStatus.BOOKED, "Hold the consultation", TUESDAY)


def test_who_asks_for_another_time_is_offered_none_that_overlaps_the_one_they_have(
    database: Database, clinic: SmallClinic
) -> None:
    row = booked(database, clinic, f"{TUESDAY} 11:40")
    two_hours_before = wall(clinic, f"{TUESDAY} 09:31")
    with database.read() as session:
        offered = times_for(session, two_hours_before, clinic.site.id, ["1a"], "phone", count=50, leaving=row)
    around = [one for one in offered if one.starts_at < row.ends_at and one.ends_at > row.starts_at]
    assert offered and not around


def test_times_that_suit_come_first_one_of_each_half_day(database: Database, clinic: SmallClinic) -> None:
    with database.read() as session:
        offered = times_for(session, NOW, clinic.site.id, ["0a", "2p"], "in_person", count=10)
    said = [f"{one.starts_at:%a %d %H:%M}" for one in offered]
    # Wednesday 11 November is a holiday.
    assert said[:4] == ["Wed 04 12:00", "Mon 09 08:00", "Mon 16 08:00", "Wed 18 12:00"]
    assert [one.why for one in offered].count("In the half-days they asked for") == 7
    assert offered[7].why == "Outside the half-days they asked for"
    assert {one.clinician for one in offered} == {"Clinician"}


def test_the_same_post_books_once(database: Database, clinic: SmallClinic) -> None:
    one = booked(database, clinic, f"{TUESDAY} 09:30", key="same")
    again = booked(database, clinic, f"{TUESDAY} 09:30", key="same")
    assert one.id == again.id
    with pytest.raises(ConflictError, match="another time already"):
        booked(database, clinic, f"{TUESDAY} 10:00", key="same")


def test_a_second_person_cannot_take_the_same_quarter_of_an_hour(
    database: Database, clinic: SmallClinic
) -> None:
    booked(database, clinic, f"{TUESDAY} 09:30")
    with database.write() as session:
        make_request(session, clinic, 2)
    with pytest.raises(ConflictError, match="taken a moment ago") as told:
        booked(database, clinic, f"{TUESDAY} 09:40", 2)
    assert told.value.extra["taken"]
    assert status(database, 2)[0] is RequestStatus.NEW


def test_the_only_clinician_is_not_taken_from_an_infusion(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        make_course(session, clinic, [wall(clinic, f"{TUESDAY} 09:30")])  # the infusion: 9:50 to 10:30
    with pytest.raises(ConflictError, match="taken a moment ago"):
        booked(database, clinic, f"{TUESDAY} 10:15")
    with database.write() as session:
        other = make_user(session, Role.CLINICIAN, clinic.site, "second")
        add_duty(session, other, clinic.site, Duty.CLINICIAN)
    booked(database, clinic, f"{TUESDAY} 10:15")
    assert status(database)[0] is RequestStatus.BOOKED


def test_a_time_outside_presence_or_in_the_past_is_refused(database: Database, clinic: SmallClinic) -> None:
    for at in (f"{TUESDAY} 07:30", "2026-11-15 10:00", f"{TUESDAY} 17:50"):
        with pytest.raises(ConflictError):
            booked(database, clinic, at)
    with pytest.raises(RuleError, match="has passed"):
        booked(database, clinic, "2026-11-02 09:00")
    assert status(database)[0] is RequestStatus.NEW


def test_video_needs_the_clinics_link(database: Database, clinic: SmallClinic) -> None:
    wanted = place(clinic, f"{TUESDAY} 09:30", "video")
    with pytest.raises(RuleError, match="No video link"), database.write() as session:
        book(session, ROSA, NOW, 1, wanted, "one")
    with database.write() as session:
        session.get_one(Site, clinic.site.id).video_url = "https://meet.example.org/room"
    with database.write() as session:
        assert book(session, ROSA, NOW, 1, wanted, "one").way == "video"


def test_a_minor_is_booked_only_with_a_guardian(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        make_request(session, clinic, 2, is_minor=True)
    with pytest.raises(RuleError, match="guardian"):
        booked(database, clinic, f"{TUESDAY} 09:30", 2)


def test_a_move_frees_the_old_time_and_may_overlap_it(database: Database, clinic: SmallClinic) -> None:
    row = booked(database, clinic, f"{TUESDAY} 09:30")
    with database.write() as session:
        move(session, ROSA, NOW, row.id, place(clinic, f"{TUESDAY} 09:40"), row.version)
    with database.write() as session:
        make_request(session, clinic, 2)
    booked(database, clinic, f"{TUESDAY} 09:25", 2)
    with pytest.raises(ConflictError, match="changed a moment ago"), database.write() as session:
        move(session, ROSA, NOW, row.id, place(clinic, "2026-11-11 09:00"), row.version)
    with database.read() as session:
        moved = session.get_one(Consultation, row.id)
        assert (moved.schedule_version, moved.ics_sequence, moved.ics_uid) == (2, 1, row.ics_uid)


def test_calling_off_frees_the_time_and_the_request_waits_for_another(
    database: Database, clinic: SmallClinic
) -> None:
    row = booked(database, clinic, f"{TUESDAY} 09:30")
    with pytest.raises(RuleError, match="Write why"), database.write() as session:
        cancel(session, ROSA, NOW, row.id, "  ", row.version)
    with database.write() as session:
        cancel(session, ROSA, NOW, row.id, "They are ill", row.version)
    assert status(database)[0] is RequestStatus.CONTACTED
    assert booked(database, clinic, f"{TUESDAY} 09:30", key="again").id != row.id


def step(database: Database, row: Consultation, name: str, at: datetime) -> Consultation:
    """Take a step, as the page that shows the row as it is now."""
    with database.write() as session:
        seen = session.get_one(Consultation, row.id).version
        return attend(session, ROSA, at, row.id, name, seen)


def test_somebody_who_does_not_come_is_called_and_can_be_put_back(
    database: Database, clinic: SmallClinic
) -> None:
    row = booked(database, clinic, f"{TUESDAY} 09:30")
    with pytest.raises(RuleError, match="has not begun"):
        step(database, row, "missed", row.starts_at - timedelta(minutes=1))
    step(database, row, "missed", row.ends_at)
    assert status(database) == (RequestStatus.CONTACTED, "Call them: they did not come", "2026-11-11")
    step(database, row, "undo", row.ends_at)
    assert status(database)[0] is RequestStatus.BOOKED
    step(database, row, "arrived", row.ends_at)
    assert step(database, row, "seen", row.ends_at).status == "seen"
    assert status(database)[0] is RequestStatus.SEEN
    with pytest.raises(ConflictError, match="seen by now"):
        step(database, row, "missed", row.ends_at)


def test_nobody_arrives_on_another_day(database: Database, clinic: SmallClinic) -> None:
    row = booked(database, clinic, f"{TUESDAY} 09:30")
    with pytest.raises(RuleError, match="another day"):
        step(database, row, "arrived", NOW)


def test_somebody_who_is_screened_before_their_day_gives_the_time_back(
    database: Database, clinic: SmallClinic
) -> None:
    row = booked(database, clinic, f"{TUESDAY} 09:30")
    with database.write() as session:
        seen_for_request(session, ROSA, NOW, 1)
    with database.read() as session:
        assert session.get_one(Consultation, row.id).status == "cancelled"
    again = booked(database, clinic, f"{TUESDAY} 09:30", key="again")
    with database.write() as session:
        seen_for_request(session, ROSA, again.ends_at, 1)
    assert status(database)[0] is RequestStatus.SEEN
