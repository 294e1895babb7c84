"""Protocols as an administrator changes them: a new version for new courses, running ones keep theirs."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.capacity.queries import current_protocols
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.asked import asked_proposals
from scheduler.features.courses.order import CourseOrder
from scheduler.models import Course, Protocol, ProtocolVersion
from tests.features.settings.test_places import send, value
from tests.support.clinic import NOW, TODAY, SmallClinic, make_protocol, make_site

FOUR = {
    "name": "Four in a fortnight", "infusions": "4", "gap_min": "3", "gap_target": "3", "gap_max": "5",
    "span_min": "10", "span_max": "14", "recovery_gap_max": "7", "recovery_span_max": "21",
    "phase0_name": "Infusion", "phase0_minutes": "60", "phase0_nurse": "2", "phase0_clinician": "1",
}  # fmt: skip


def test_a_new_protocol_is_offered_after_the_others(boss: FlaskClient, sqlite: Database) -> None:
    assert send(boss, "/settings/protocols/new", **FOUR)[0] == 303
    with sqlite.read() as session:
        _, second = current_protocols(session)
        assert (second.protocol.name, second.infusions, second.visit_minutes) == (FOUR["name"], 4, 60)
        assert second.phases[0].clinician_present and second.phases[0].patients_per_nurse == 2


def test_other_rules_become_a_version_and_a_running_course_keeps_its_own(
    boss: FlaskClient, sqlite: Database
) -> None:
    assert "1 running course keeps the rules it began with" in boss.get("/settings/protocols/1").text
    assert send(boss, "/settings/protocols/1", **FOUR, version="1")[0] == 303
    with sqlite.read() as session:
        versions = session.scalars(select(ProtocolVersion).order_by(ProtocolVersion.version)).all()
        assert [version.infusions for version in versions] == [6, 4]
        assert session.scalar(select(Course.protocol_version_id)) == 1
    assert "0 running courses by this version, 1 by older ones" in " ".join(
        boss.get("/settings/protocols").text.split()
    )


def test_a_new_name_alone_makes_no_version(boss: FlaskClient, sqlite: Database) -> None:
    page = boss.get("/settings/protocols/1").text
    names = [name for name in FOUR if name.startswith(("infusions", "gap", "span", "recovery"))]
    same = {name: value(page, name) for name in names}
    for row in range(4):
        same |= {f"phase{row}_{part}": value(page, f"phase{row}_{part}") for part in ("name", "minutes")}
    same |= {"phase0_nurse": "1", "phase1_nurse": "4", "phase2_nurse": "6", "phase3_nurse": "1"}
    same |= {"phase1_clinician": "1", "name": "Loading", "version": "1"}
    assert send(boss, "/settings/protocols/1", **same)[0] == 303
    with sqlite.read() as session:
        assert session.scalars(select(ProtocolVersion.version)).all() == [1]
        assert session.scalar(select(Protocol.name)) == "Loading"


def test_second_editor_of_a_protocol_sees_both_values(boss: FlaskClient) -> None:
    assert send(boss, "/settings/protocols/1", **FOUR, version="1")[0] == 303
    status, page = send(boss, "/settings/protocols/1", **{**FOUR, "gap_max": "4"}, version="1")
    assert status == 409 and "Administrator saved 5; your form says 4" in page
    assert value(page, "gap_max") == "4"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("infusions", "25", "from 1 to 24"),
        ("gap_target", "2", "less than the least"),
        ("span_max", "9", "end before it may"),
        ("span_min", "14", None),
        ("recovery_gap_max", "4", "have less room"),
        ("phase0_minutes", "45", "whole ten minutes"),
        ("phase0_minutes", "600", None),
        ("phase0_name", "", "name is missing"),
        ("name", "Loading, 3 × week", "Another protocol is called"),
    ],
)
def test_rules_that_cannot_hold_are_named_at_their_field(
    boss: FlaskClient, field: str, typed: str, says: str | None
) -> None:
    status, page = send(boss, "/settings/protocols/new", **{**FOUR, field: typed})
    assert status == (422 if says else 303)
    if says:
        assert says in page and value(page, field) == typed and value(page, "recovery_span_max") == "21"


def test_the_course_that_rules_make_is_shown_and_nothing_saved(boss: FlaskClient, sqlite: Database) -> None:
    status, page = send(boss, "/settings/protocols/new", **FOUR, do="preview")
    assert status == 200
    assert "4 infusions, 3 to 5 days apart; 3 days is best." in page
    assert "At the best spacing the last visit is on day 10 of the course." in page
    with sqlite.read() as session:
        assert len(session.scalars(select(Protocol.id)).all()) == 1


def test_a_protocol_is_put_in_order_put_away_and_offered_again(boss: FlaskClient, sqlite: Database) -> None:
    send(boss, "/settings/protocols/new", **FOUR)

    def names() -> list[str]:
        with sqlite.read() as session:
            return [version.protocol.name for version in current_protocols(session)]

    assert send(boss, "/settings/protocols/2/deeds", do="up")[0] == 303
    assert names()[0] == FOUR["name"]
    assert send(boss, "/settings/protocols/2/deeds", do="archive")[0] == 303
    assert names() == ["Loading, 3 × week"]
    assert send(boss, "/settings/protocols/2/deeds", do="restore")[0] == 303
    assert len(names()) == 2


def test_a_protocol_is_booked_only_where_it_is_offered(sqlite: Database, running: SmallClinic) -> None:
    with sqlite.write() as session:
        other = make_site(session, "NS", "Northside")
        version = make_protocol(session, "Only there")
        version.protocol.site_ids = [other.id]
        version_id, patient_id = version.id, running.patient.id
    with sqlite.read() as session:
        first = TODAY.replace(day=24)
        asked = {"patient_id": patient_id, "version_id": version_id, "first": first, "until": first}
        with pytest.raises(NotFoundError, match="does not offer"):
            asked_proposals(session, NOW, site_ids=[running.site.id], preferred=None, **asked)
        order = CourseOrder(patient_id, running.site.id, version_id, (), {}, "key-of-the-first-page")
        with pytest.raises(ConflictError, match="no longer offered at Riverside"):
            book_course(session, COMMAND, NOW, order)
