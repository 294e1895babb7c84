"""A clinic's own instrument: written, looked at, published, asked on every way, and never changed again."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.ratings.instruments import GAD7
from scheduler.features.ratings.own.actions import add_draft, next_version, publish, retire, save_draft
from scheduler.features.ratings.own.known import known, offered
from scheduler.features.ratings.plan import Line, Plan, stored
from scheduler.features.ratings.queries.course import course_ratings
from scheduler.features.reports.outcomes.choices import choices
from scheduler.features.review.progress.queries import progress_of
from scheduler.features.review.queries.record import course_record
from scheduler.models import Infusion, OwnInstrument, ProtocolVersion, Rating, RatingLink, TimePoint
from scheduler.tokens import token_hash
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.own_instrument import SLEEP, own_instrument
from tests.support.sign_in import cheap_app, csrf_token
from tests.support.visits import add_six

KEY = ("own_sleep_of_the_last_week", 1)
RAW = "a-link-to-the-own-one"
ADDRESS = "/settings/instruments"


def published(database: Database) -> int:
    with database.write() as session:
        own = add_draft(session, COMMAND, NOW, own_instrument())
        publish(session, COMMAND, NOW, own, 1)
        return own


def post(client: FlaskClient, path: str, **form: str) -> tuple[int, str, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form})
    return answer.status_code, answer.location or "", answer.text


@pytest.fixture
def visit(database: Database, clinic: SmallClinic) -> Infusion:
    """A visit today at 09:50, the fourth of six, of a course that asks the own instrument: it is 10:00."""
    published(database)
    points = (TimePoint.BASELINE, TimePoint.PRE, TimePoint.POST_2H)
    plan = Plan(KEY[0], tuple(Line(KEY, point) for point in points))
    with database.write() as session:
        session.get_one(ProtocolVersion, clinic.protocol_version.id).rating_plan = stored(plan)
        days = [TODAY - timedelta(days=day) for day in (7, 5, 3)]
        days += [TODAY, *(TODAY + timedelta(days=day) for day in (2, 4))]
        return add_six(session, clinic, days, "09:50", completed=3)[1][3]


def test_it_is_answered_by_link_on_the_tablet_and_by_the_staff_and_stands_wherever_ratings_stand(
    as_role: SignedIn, database: Database, visit: Infusion, config: Config
) -> None:
    first = visit.starts_at - timedelta(days=7)
    nurse = as_role("nurse")
    page = nurse.get(f"/courses/{visit.course_id}/ratings/baseline/{KEY[0]}").text
    assert "I woke up at night." in page
    told = {"a0": "0", "a1": "3", "a2": "3", "rated_day": f"{first:%Y-%m-%d}", "rated_time": "08:00"}
    assert post(nurse, f"/courses/{visit.course_id}/ratings/baseline/{KEY[0]}", **told)[0] == 303
    assert post(nurse, f"/infusions/{visit.id}/kiosk")[1] == "/kiosk"
    assert "I fell asleep easily." in nurse.get("/kiosk").text
    sent = {f"{KEY[0]}-{at}": "2" for at in range(3)}
    assert post(nurse, "/kiosk", slot=f"pre-{visit.id}", **sent)[1] == "/kiosk"
    with database.write() as session:
        link = RatingLink(
            token_hash=token_hash(RAW), course_id=visit.course_id, infusion_id=visit.id,
            time_point=TimePoint.POST_2H, created_at=NOW, expires_at=NOW + timedelta(days=1),
        )  # fmt: skip
        session.add(link)
    later = NOW + timedelta(hours=3)
    phone = cheap_app(config, database).test_client()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: later)
        assert "Thank you" in post(phone, f"/r/{RAW}", **dict.fromkeys(sent, "0"))[2]
    with database.read() as session:
        rows = session.scalars(select(Rating).order_by(Rating.id)).all()
        assert [(row.instrument, row.instrument_version, row.total, row.source) for row in rows] == [
            (*KEY, 9, "staff"), (*KEY, 5, "kiosk"), (*KEY, 3, "patient"),
        ]  # fmt: skip
        going = course_ratings(session, visit.course_id, later).goings[0]
        assert (going.is_primary, going.progress.change, going.progress.responds) == (True, -6, True)
        assert progress_of(session, visit.course_id, later).standings[0].name == SLEEP["name"]
        record = course_record(session, visit.course_id, later)
        assert [each["name"] for each in record["ratings"]] == [SLEEP["name"]] * 3
        assert [each["band"] for each in record["ratings"]] == ["poor", "fair", "good"]
        assert choices(session).instruments[KEY[0]] == SLEEP["name"]


def test_a_published_version_never_changes_not_even_past_the_application(database: Database) -> None:
    own = published(database)
    with database.write() as session, pytest.raises(RuleError, match="never changes"):
        save_draft(session, COMMAND, NOW, own, own_instrument(), 2)
    for change in ("UPDATE own_instruments SET definition = '{}'", "DELETE FROM own_instruments"):
        with pytest.raises(DBAPIError, match="published_instrument"), database.write() as session:
            session.execute(text(change))


def test_what_was_looked_at_is_what_is_published(database: Database) -> None:
    with database.write() as session:
        own = add_draft(session, COMMAND, NOW, own_instrument())
        save_draft(session, COMMAND, NOW, own, own_instrument(), 1)
    for change in (
        lambda session: publish(session, COMMAND, NOW, own, 1),
        lambda session: save_draft(session, COMMAND, NOW, own, own_instrument(), 1),
    ):
        with database.write() as session, pytest.raises(ConflictError, match="Somebody saved this draft"):
            change(session)


def test_a_change_is_a_new_version_and_answers_keep_theirs(database: Database) -> None:
    own = published(database)
    with database.write() as session:
        draft = next_version(session, COMMAND, NOW, own)
        assert next_version(session, COMMAND, NOW, own) == draft
        assert offered(session)[-1].key == KEY
        publish(session, COMMAND, NOW, draft, 1)
        assert offered(session)[-1].key == (KEY[0], 2)
        assert known(session)[KEY].length == 3
        retire(session, COMMAND, NOW, own, away=True)
        assert KEY[0] not in {each.code for each in offered(session)}
        assert KEY in known(session)


def test_a_session_reads_the_own_ones_once_and_not_at_all_for_shipped_ones(sqlite: Database) -> None:
    published(sqlite)
    asked: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    with sqlite.read() as session:
        everything = known(session)
        assert everything[GAD7.key] is GAD7
        assert not [query for query in asked if "own_instruments" in query]
        for _ in range(3):
            assert known(session)[KEY].name == SLEEP["name"]
        assert len([query for query in asked if "own_instruments" in query]) == 1


def test_an_administrator_writes_looks_scores_and_publishes(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    admin = as_role("administrator")
    status, _, page = post(admin, f"{ADDRESS}/new", **{**SLEEP, "name": "BAI"})
    assert (status, "The clinic holds a licence for the BAI" in page, "I woke up at night." in page) == (
        422, True, True,
    )  # fmt: skip
    assert post(admin, f"{ADDRESS}/new", **SLEEP)[1] == f"{ADDRESS}/own/1"
    assert "Publish version 1" in admin.get(f"{ADDRESS}/own/1").text
    assert 'class="thumb"' in admin.get(f"{ADDRESS}/own/1/preview").text
    answers = {f"{KEY[0]}-{at}": "3" for at in range(3)}
    assert "A total of 6 of 9, fair." in post(admin, f"{ADDRESS}/own/1/preview", **answers)[2]
    assert post(admin, f"{ADDRESS}/own/1/publish", seen="1")[0] == 303
    assert post(admin, f"{ADDRESS}/own/1/edit", **SLEEP)[0] == 404
    assert SLEEP["name"] in admin.get("/settings/protocols/1/ratings").text
    boxes = {"ask": [f"{KEY[0]}.baseline.each", f"{KEY[0]}.weekly.each"], "primary": KEY[0], "seen": "1"}
    answer = admin.post("/settings/protocols/1/ratings", data={"csrf_token": csrf_token(admin), **boxes})
    assert answer.status_code == 303
    with database.read() as session:
        assert session.scalars(select(OwnInstrument.version)).all() == [1]
        assert session.scalars(select(Rating)).all() == []
