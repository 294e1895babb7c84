"""The page of a course log: who reads, who signs, what is said when somebody was faster, what it costs."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from scheduler.db import Database
from scheduler.features.infusion_logs.actions.vitals import Measured, add_reading
from scheduler.models import Course, InfusionLog, InfusionStatus, LogStatus, Role, TimePoint
from tests.features.conftest import SignedIn
from tests.features.desk.test_board import counted
from tests.support.clinic import NOW, SmallClinic, make_user
from tests.support.course_logs import DAYS, Signer, add_log, signer
from tests.support.sign_in import csrf_token, sign_in
from tests.support.visits import add_rating, add_visit, local

LOG = "/courses/1/log"


def post(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    answer = client.post(f"{LOG}/{path}", data={"csrf_token": csrf_token(client), **form})
    return answer.status_code, answer.text


def form_of(page: str) -> dict[str, str]:
    """What the form that signs the course sends."""
    start = page.index('action="/courses/1/log/sign"')
    return dict(re.findall(r'name="(seen|opened_at)" value="([^"]*)"', page[start : start + 1500]))


def ready(database: Database, clinic: SmallClinic) -> Signer:
    found = signer(database, clinic)
    found.give_all_reasons()
    return found


def test_a_nurse_reads_the_log_and_cannot_sign_it(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    ready(database, clinic)
    page = as_role("nurse").get(LOG).text
    assert "A clinician signs the course log." in page
    assert "/log/sign" not in page
    assert "Sign the course and 6 logs" in as_role("clinician").get(LOG).text


def test_what_was_charted_since_the_page_was_opened_is_shown_with_who_did_it(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    over = ready(database, clinic)
    client = as_role("clinician")
    form = form_of(client.get(LOG).text)
    with database.write() as session:
        at = NOW + timedelta(minutes=5)
        add_reading(session, over.ben, at, over.visits[2], Measured("late", taken_at=NOW, sbp=130, dbp=85))
        log = session.get_one(InfusionLog, 3)
        log.status, log.completed_at = LogStatus.COMPLETE, at
    status, page = post(client, "sign", **form)
    assert status == 409
    assert "Something was charted since you opened this page" in page
    assert "10:05, Nurse: no. 3, vitals" in page
    assert post(client, "sign", **form_of(page))[0] == 303
    assert "Nothing in it can be changed any more" in client.get(LOG).text
    assert "This log is signed" in client.get(f"/infusions/{over.visits[2]}/log").text


def test_reasons_and_addenda_that_are_not_taken_lose_nothing_typed(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    over = signer(database, clinic)
    client = as_role("clinician")
    status, page = post(client, "reasons", **{"reason:gone": "x", "reason:rating:baseline:gad7": "Too late"})
    assert (status, 'value="Too late"' in page) == (422, True)
    assert post(client, "reasons", **{"reason:rating:baseline:gad7": "Too late"})[0] == 303
    over.give_all_reasons()
    over.sign()
    status, page = post(client, "addenda", words="It was 71 kg", reason="", key="k")
    assert (status, "It was 71 kg" in page, "Write why" in page) == (422, True, True)
    assert post(client, "addenda", words="It was 71 kg", reason="Misread", key="k", infusion="1")[0] == 303
    assert "Reason: Misread. Clinician" in client.get(LOG).text


def test_a_site_that_asks_for_it_waits_for_the_second_signature(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    over = ready(database, clinic)
    admin = as_role("administrator")
    admin.post("/settings/sign-off/1", data={"csrf_token": csrf_token(admin), "wants_second": "1"})
    over.sign()
    ada = as_role("clinician")
    assert "It waits for the signature of a second clinician" in ada.get(LOG).text
    assert "The second signature" in ada.get("/review").text
    with database.write() as session:
        eve = make_user(session, Role.CLINICIAN, clinic.site, "Eve")
    client = ada.application.test_client()
    sign_in(client, database, eve)
    assert post(client, "co-sign")[0] == 303
    assert "Second signature" in client.get(LOG).text
    assert "The second signature" not in client.get("/review").text


def test_a_longer_course_takes_no_more_queries(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    over = ready(database, clinic)
    client = as_role("clinician")
    before = _queries(database, client)
    with database.write() as session:
        course = session.get_one(Course, over.course_id)
        for number in range(7, 13):
            start = local(clinic.site, DAYS[-1] + timedelta(days=number - 6), "09:30")
            visit = add_visit(session, course, clinic.chairs[0], number, start, InfusionStatus.COMPLETED)
            add_log(session, visit, clinic.users["nurse"].id)
            add_rating(session, visit, TimePoint.PRE, 5)
            add_rating(session, visit, TimePoint.POST_2H, 3)
    assert _queries(database, client) == before
    assert before <= 28


def _queries(database: Database, client: FlaskClient) -> int:
    with counted(database) as statements:
        assert client.get(LOG).status_code == 200
    return len(statements)
