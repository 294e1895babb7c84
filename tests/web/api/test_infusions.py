"""Programs move visits, take their steps and cancel them: the rules of the pages, the newest version."""

from typing import Any

import pytest
from sqlalchemy import select

from scheduler.features.accounts.scopes import SCOPES
from scheduler.models import CourseChange, Infusion
from tests.web.api.conftest import Programs
from tests.web.api.routes import SCHEDULED
from tests.web.api.test_answers import problem

LAST, FIRST, FOURTH = "/api/v1/infusions/6", "/api/v1/infusions/1", "/api/v1/infusions/4"


def rows(programs: Programs) -> list[tuple[Any, ...]]:
    """Where the visits stand, and how often they were changed."""
    with programs.database.read() as session:
        found = session.scalars(select(Infusion).where(Infusion.course_id == 1).order_by(Infusion.id))
        return [(row.id, row.starts_at, row.chair_id, row.status, row.schedule_version) for row in found]


def changes(programs: Programs) -> int:
    return programs.count(CourseChange)


def test_a_visit_is_moved_and_the_others_stay(programs: Programs) -> None:
    raw, before = programs.token(), rows(programs)
    sent = {"start": "2026-11-13T13:00", "chair_id": 2}
    answer = programs.call("POST", f"{LAST}/move", raw, sent, SCHEDULED)
    assert answer.status_code == 200, answer.text
    (moved,) = answer.json["infusions"]
    assert (moved["starts_at"], moved["chair_id"]) == ("2026-11-13T18:00:00+00:00", 2)
    assert answer.headers["ETag"] == programs.call("GET", LAST, raw).headers["ETag"] == '"2-scheduled"'
    assert rows(programs)[:5] == before[:5]
    with programs.database.read() as session:
        change = session.scalars(select(CourseChange).order_by(CourseChange.id.desc())).first()
    assert change is not None and (change.kind, change.actor) == ("moved", "API: Phone system")
    assert answer.json["change_id"] == change.id and answer.json["messages"] == 1


def test_a_preview_saves_nothing_and_a_way_of_it_can_be_sent_as_it_came(programs: Programs) -> None:
    raw, before = programs.token(), rows(programs)
    sent = {"start": "2026-11-10T09:00", "preview": True}
    answer = programs.call("POST", f"{FOURTH}/move", raw, sent, SCHEDULED)
    assert answer.status_code == 200 and answer.json["change_id"] is None
    assert rows(programs) == before
    assert answer.json["breaks"] == ["Visit 5 would come 1 day after visit 4: too soon, at least 2 days."]
    way = answer.json["ways"][0]
    assert way["others"], "a repair moves another visit along"
    chosen = {name: way[name] for name in ("start", "chair_id", "others")}
    done = programs.call("POST", f"{FOURTH}/move", raw, chosen, SCHEDULED)
    assert done.status_code == 200, done.text
    moved = {each["id"] for each in done.json["infusions"]}
    assert moved == {4, *(each["infusion_id"] for each in way["others"])}


def test_a_move_that_breaks_the_protocol_is_refused_whole(programs: Programs) -> None:
    raw, before, count = programs.token(), rows(programs), changes(programs)
    answer = programs.call("POST", f"{FOURTH}/move", raw, {"start": "2026-11-10T09:00"}, SCHEDULED)
    assert "too soon" in problem(answer, 422)["detail"]
    assert (rows(programs), changes(programs)) == (before, count)


@pytest.mark.parametrize(
    ("start", "status", "said"),
    [
        ("2026-11-14T10:00", 409, "closed"),
        ("2026-10-30T10:00", 422, "has passed"),
        ("2029-11-13T10:00", 422, "one year ahead"),
        ("2026-11-13T17:30", 409, "outside opening hours"),
    ],
)
def test_a_visit_goes_nowhere_where_it_can_t_stand(
    programs: Programs, start: str, status: int, said: str
) -> None:
    before = rows(programs)
    answer = programs.call("POST", f"{LAST}/move", programs.token(), {"start": start}, SCHEDULED)
    assert said in problem(answer, status)["detail"]
    assert rows(programs) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("move", {"start": "2026-11-13T13:00"}),
        ("move", {"start": "2026-11-13T13:00", "preview": True}),
        ("state", {"step": "miss"}),
        ("cancel", {"reason": "Ill"}),
    ],
)
def test_a_change_of_an_old_version_is_told_both_values_and_saves_nothing(
    programs: Programs, path: str, body: dict[str, Any]
) -> None:
    raw = programs.token()
    programs.call("POST", f"{LAST}/move", raw, {"start": "2026-11-13T13:30"}, SCHEDULED)
    before = rows(programs)
    stale = problem(programs.call("POST", f"{LAST}/{path}", raw, body, SCHEDULED), 412)
    assert stale["now"]["starts_at"] == "2026-11-13T18:30:00+00:00"
    assert stale["asked"]["if_match"] == '"1-scheduled"'
    assert stale["asked"].items() >= {"start": "2026-11-13T13:00:00"}.items() or path != "move"
    problem(programs.call("POST", f"{LAST}/{path}", raw, body), 428)
    assert rows(programs) == before


def test_a_visit_lives_through_its_steps_each_on_the_version_before(programs: Programs) -> None:
    raw, match = programs.token(), '"1-scheduled"'
    for step, status in (("arrive", "arrived"), ("start", "in_progress"), ("complete", "completed")):
        answer = programs.call("POST", f"{FIRST}/state", raw, {"step": step}, {"If-Match": match})
        assert answer.json["infusions"][0]["status"] == status, answer.text
        match = answer.headers["ETag"]
    wrong = programs.call("POST", f"{FIRST}/state", raw, {"step": "start"}, {"If-Match": match})
    assert "does not follow" in problem(wrong, 422)["detail"]


def test_a_correction_needs_its_reason(programs: Programs) -> None:
    raw = programs.token()
    seen = programs.call("POST", f"{FIRST}/state", raw, {"step": "arrive"}, SCHEDULED).headers["ETag"]
    answer = programs.call("POST", f"{FIRST}/state", raw, {"step": "unarrive"}, {"If-Match": seen})
    assert "Write the reason" in problem(answer, 422)["detail"]
    sent = {"step": "unarrive", "reason": "Somebody else came"}
    answer = programs.call("POST", f"{FIRST}/state", raw, sent, {"If-Match": seen})
    assert answer.json["infusions"][0]["status"] == "scheduled"


def test_the_rest_of_a_course_is_cancelled_in_one_request(programs: Programs) -> None:
    raw = programs.token()
    sent = {"reason": "Moves away", "rest": True}
    answer = programs.call("POST", f"{FOURTH}/cancel", raw, sent, SCHEDULED)
    assert [each["id"] for each in answer.json["infusions"]] == [4, 5, 6]
    assert [row[3] for row in rows(programs)] == ["scheduled"] * 3 + ["cancelled"] * 3
    again = programs.call(
        "POST", f"{FOURTH}/cancel", raw, {"reason": "Ill"}, {"If-Match": answer.headers["ETag"]}
    )
    assert "it is cancelled now" in problem(again, 409)["detail"]


def test_a_visit_of_another_course_is_not_moved_along(programs: Programs) -> None:
    raw, before = programs.token(), rows(programs)
    other = {
        "infusion_id": 99, "number": 5, "chair_id": 2, "start": "2026-11-12T13:00", "schedule_version": 1,
    }  # fmt: skip
    sent = {"start": "2026-11-13T13:00", "others": [other]}
    problem(programs.call("POST", f"{LAST}/move", raw, sent, SCHEDULED), 404)
    assert rows(programs) == before


def test_reading_visits_does_not_allow_to_change_them(programs: Programs) -> None:
    raw = programs.token(*(scope for scope in SCOPES if scope != "infusions:write"))
    answer = programs.call("POST", f"{LAST}/cancel", raw, {"reason": "Ill"}, SCHEDULED)
    assert problem(answer, 403)["scope"] == "infusions:write"
