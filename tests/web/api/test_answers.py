"""What the API says when something is wrong, and how it keeps edits apart."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from scheduler.actor import COMMAND
from scheduler.features.outbox.contact.actions import choose
from scheduler.models import Course, Infusion, Patient, Topic
from tests.support.clinic import NOW
from tests.web.api.conftest import Programs
from tests.web.api.routes import COURSE, NEW_PATIENT, SEARCH, VISITS

PATIENT = "/api/v1/patients/1"
PATIENTS, COURSES, PROPOSALS = "/api/v1/patients", "/api/v1/courses", "/api/v1/proposals"


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem details of an answer, which must have this status."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status and answer.json["title"] and answer.json["detail"]
    found: dict[str, Any] = answer.json
    return found


def test_a_wrong_field_is_pointed_at(programs: Programs) -> None:
    visits = [*VISITS[:5], {"chair_id": "two", "start": "2026-02-30T09:30"}]
    answer = programs.call(
        "POST", COURSES, programs.token(), {**COURSE, "visits": visits}, {"Idempotency-Key": "a"}
    )
    told = {each["pointer"] for each in problem(answer, 422)["errors"]}
    assert told == {"/visits/5/chair_id", "/visits/5/start"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"phone": "12"}, "/phone"),
        ({"email": "a, b@example.org"}, "/email"),
        ({"birth_date": "2026-11-03"}, "/birth_date"),
        ({"birth_date": "2010-11-03"}, "/guardian_name"),
        ({"given_name": "A\u2028B"}, "/given_name"),
        ({"given_name": "\ud800"}, "/given_name"),
        ({"given_name": "A\u0000"}, "/given_name"),
        ({"site_id": 9}, "/site_id"),
        ({"is_admin": True}, "/is_admin"),
        ({"windows": [{"weekday": 0, "from_minute": 600, "to_minute": 600}]}, "/windows/0/to_minute"),
    ],
)
def test_a_patient_that_the_page_would_refuse_is_refused(
    programs: Programs, change: dict[str, Any], pointer: str
) -> None:
    answer = programs.call("POST", PATIENTS, programs.token(), {**NEW_PATIENT, **change})
    assert pointer in {each["pointer"] for each in problem(answer, 422)["errors"]}


def test_a_misspelt_filter_is_refused_instead_of_showing_everybody(programs: Programs) -> None:
    answer = programs.call("GET", f"{COURSES}?patient=1", programs.token())
    assert problem(answer, 422)["errors"][0]["parameter"] == "patient"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nothing", 404), ("DELETE", PATIENT, 405), ("GET", "/api/v1/patients/99", 404)],
)
def test_what_is_not_there_is_a_problem_too(programs: Programs, method: str, path: str, status: int) -> None:
    answer = programs.call(method, path, programs.token())
    problem(answer, status)
    assert status != 405 or "PATCH" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 200_000, "application/json", 400),
        (b"9" * 10_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b" " * (2 * 1024 * 1024 + 1), "application/json", 413),
    ],
    ids=["cut off", "not text", "nested", "long number", "a list", "text", "a form", "too long"],
)
def test_a_body_that_is_none_is_a_problem(programs: Programs, body: bytes, kind: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {programs.token()}"}
    problem(programs.client().post(PATIENTS, data=body, content_type=kind, headers=headers), status)


def test_somebody_who_looks_the_same_is_added_only_when_asked_again(programs: Programs) -> None:
    raw = programs.token()
    same = {**NEW_PATIENT, "given_name": "Marta", "family_name": "Lindqvist", "birth_date": "1986-03-14"}
    assert problem(programs.call("POST", PATIENTS, raw, same), 409)["patient_ids"][0] == 1
    assert programs.call("POST", PATIENTS, raw, {**same, "add_anyway": True}).status_code == 201


def test_an_edit_names_the_version_it_was_made_from(programs: Programs) -> None:
    raw = programs.token()
    read = programs.call("GET", PATIENT, raw)
    seen = {"If-Match": read.headers["ETag"]}
    problem(programs.call("PATCH", PATIENT, raw, {"language": "es"}), 428)
    saved = programs.call("PATCH", PATIENT, raw, {"language": "es"}, seen)
    assert saved.json == {**read.json, "language": "es"}
    assert saved.headers["ETag"] != seen["If-Match"]
    problem(programs.call("PATCH", PATIENT, raw, {"language": "en"}, seen), 412)
    problem(programs.call("PATCH", PATIENT, raw, {"language": "en"}, {"If-Match": "*"}), 412)
    assert programs.call("GET", PATIENT, raw).json["language"] == "es"


def test_the_list_goes_on_where_it_ended_and_shows_each_once(programs: Programs) -> None:
    raw = programs.token()
    page = programs.call("GET", f"{PATIENTS}?limit=1", raw).json
    found = [line["id"] for line in page["items"]]
    while page["next"] is not None:
        page = programs.call("GET", f"{PATIENTS}?limit=1&cursor={page['next']}", raw).json
        found += [line["id"] for line in page["items"]]
    assert sorted(found) == [1, 2]


def test_a_set_that_was_proposed_can_be_booked_as_it_stands(programs: Programs) -> None:
    raw = programs.token()
    best = programs.call("POST", PROPOSALS, raw, SEARCH).json["items"][0]
    course = {
        "patient_id": 2, "protocol_version_id": 1, "site_id": best["site_id"], "visits": best["visits"],
    }  # fmt: skip
    booked = programs.call("POST", COURSES, raw, course, {"Idempotency-Key": "a"})
    assert booked.status_code == 201
    assert [each["chair_id"] for each in booked.json["infusions"]] == [v["chair_id"] for v in best["visits"]]
    listed = programs.call("GET", f"{COURSES}?patient_id=2", raw).json["items"]
    assert [each["id"] for each in listed] == [booked.json["id"]]


def test_visits_that_are_gone_are_named(programs: Programs) -> None:
    raw = programs.token()
    programs.call("POST", COURSES, raw, COURSE, {"Idempotency-Key": "a"})
    other = programs.call("POST", PATIENTS, raw, NEW_PATIENT).json["id"]
    late = programs.call("POST", COURSES, raw, {**COURSE, "patient_id": other}, {"Idempotency-Key": "b"})
    gone = problem(late, 409)["gone"]
    assert [each["number"] for each in gone] == [1, 2, 3, 4, 5, 6]
    assert gone[0]["start"] == "2026-11-30T13:30:00" and "is taken" in gone[0]["words"]


def test_a_key_that_comes_back_with_another_body_books_nothing(programs: Programs) -> None:
    raw, key, before = programs.token(), {"Idempotency-Key": "a"}, programs.count(Course)
    first = programs.call("POST", COURSES, raw, COURSE, key)
    again = programs.call("POST", COURSES, raw, COURSE, key)
    assert (again.status_code, again.json) == (201, first.json)
    other = programs.call("POST", COURSES, raw, {**COURSE, "patient_id": 1}, key)
    assert problem(other, 409)["course_id"] == first.json["id"]
    problem(programs.call("POST", COURSES, raw, COURSE), 422)
    assert programs.count(Course) == before + 1


def test_a_booking_that_is_sent_again_is_the_same_though_the_patient_s_hours_changed_between(
    programs: Programs,
) -> None:
    raw, key = programs.token(), {"Idempotency-Key": "a"}
    first = programs.call("POST", COURSES, raw, COURSE, key)
    seen = {"If-Match": programs.call("GET", "/api/v1/patients/2", raw).headers["ETag"]}
    hours = {"windows": [{"weekday": 0, "from_minute": 480, "to_minute": 720}]}
    assert programs.call("PATCH", "/api/v1/patients/2", raw, hours, seen).status_code == 200
    again = programs.call("POST", COURSES, raw, COURSE, key)
    assert (again.status_code, again.json) == (201, first.json)
    other = {**COURSE, "preferred": {"from_minute": 540, "to_minute": 720}}
    problem(programs.call("POST", COURSES, raw, other, key), 409)


def test_the_key_of_one_token_is_not_that_of_another(programs: Programs) -> None:
    key = {"Idempotency-Key": "a"}
    programs.call("POST", COURSES, programs.token(), COURSE, key)
    problem(programs.call("POST", COURSES, programs.token(), COURSE, key), 409)


def test_twenty_identical_posts_make_one_course(programs: Programs) -> None:
    raw = programs.token()
    before = programs.count(Course), programs.count(Infusion)

    def post(_number: int) -> tuple[int, int]:
        answer = programs.call("POST", COURSES, raw, COURSE, {"Idempotency-Key": "race"})
        return answer.status_code, answer.json.get("id")

    with ThreadPoolExecutor(20) as threads:
        answers = set(threads.map(post, range(20)))
    assert len(answers) == 1 and next(iter(answers))[0] == 201
    assert (programs.count(Course), programs.count(Infusion)) == (before[0] + 1, before[1] + 6)


def test_how_a_patient_is_reached_is_told_with_time_and_source_and_can_t_be_written(
    programs: Programs,
) -> None:
    raw = programs.token()
    made = programs.call("POST", PATIENTS, raw, {**NEW_PATIENT, "phone": "212 555 0188"})
    path = f"{PATIENTS}/{made.json['id']}"
    usual = {each["topic"]: each for each in made.json["contact"]["consents"]}
    assert made.json["contact"]["needs_call"]
    assert usual["sms"] == {"topic": "sms", "allowed": False, "at": None, "source": None, "note": ""}
    with programs.database.write() as session:
        choose(session, COMMAND, NOW, made.json["id"], Topic.SMS, True, "patient", "asked")
    read = programs.call("GET", path, raw)
    told = {each["topic"]: each for each in read.json["contact"]["consents"]}
    assert told["sms"] == {
        "topic": "sms", "allowed": True, "at": NOW.isoformat(), "source": "patient", "note": "asked",
    }  # fmt: skip
    assert not read.json["contact"]["needs_call"]
    mail, text = read.json["contact"]["ways"]
    assert mail == {
        "channel": "email", "address": None, "is_open": False, "closed": "No e-mail address is on file.",
    }  # fmt: skip
    assert (text["channel"], text["address"], text["is_open"]) == ("sms", "+12125550188", True)
    seen = {"If-Match": read.headers["ETag"]}
    for field in ("contact", "consents"):
        sent = {field: read.json["contact"]}
        assert (
            problem(programs.call("PATCH", path, raw, sent, seen), 422)["errors"][0]["pointer"] == f"/{field}"
        )


def test_an_archived_patient_is_found_only_among_the_archived(programs: Programs) -> None:
    raw = programs.token()
    assert programs.count(Patient) == 3
    archived = programs.call("GET", f"{PATIENTS}?archived=true", raw).json["items"]
    assert [line["id"] for line in archived] == [3]
