"""The outcomes over 20,000 courses: how long until the page answers, and until its figures are there.

From `views.MANY` visits on the page is shown at once and says that it counts; the figures follow into it. A
course here has six infusions with a log each, GAD-7 at eleven occasions, and other ratings that the counting
must walk past.
"""

import time

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks._clinic import fill_visits, make_clinic
from benchmarks._stored import FILLED_AT, clock_at, stored_clinic
from scheduler.app import create_app
from scheduler.features.accounts.actions.sessions import open_session
from scheduler.models import Role, User, UserRole

ROUNDS = 5
COURSES, PATIENTS, CHAIRS = 20_000, 5_000, 100
COVER = "from=2017-01-01&until=2026-11-02"
# Totals fall from 16 by a little each week, and differ by course.
RATINGS = """
    INSERT INTO ratings (course_id, infusion_id, patient_id, instrument, instrument_version, language,
      time_point, week, answers, total, source, rated_at, entered_at)
    SELECT i.course_id, {infusion}, i.patient_id, '{instrument}', 1, 'en', '{point}', {week},
      '[2, 2, 2, 2, 2, 2, 1]', {total}, 'patient',
      datetime(i.starts_at, '{after}'), datetime(i.starts_at, '{after}')
    FROM infusions i WHERE {where}
"""
LOGS = """
    INSERT INTO infusion_logs (infusion_id, status, begun_at, rules, weight_g, dose_ug_per_kg, dose_ug,
      started_at, checks)
    SELECT i.id, 'draft', i.starts_at, '{}', 60000 + i.id % 30000, 500,
      (60000 + i.id % 30000) * (400 + 100 * (i.id % 5)) / 1000, i.starts_at, '{}'
    FROM infusions i
"""
EVENTS = """
    INSERT INTO adverse_events (log_id, key, term, onset_at, grade, action, outcome, note, version,
      changed_at)
    SELECT l.id, 'event', CASE l.id % 3 WHEN 0 THEN 'Nausea' WHEN 1 THEN 'Headache' ELSE 'Dizziness' END,
      l.begun_at, 1 + l.id % 3, 'watched', 'resolved', '', 1, l.begun_at
    FROM infusion_logs l WHERE l.id % 6 = 0
"""


def fill(session: Session) -> None:
    """Twenty thousand completed courses of six with their charts."""
    site = make_clinic(session, FILLED_AT, CHAIRS, PATIENTS)
    session.add(UserRole(user_id=_desk(session).id, role=Role.CLINICIAN))
    fill_visits(session, site, FILLED_AT, 6 * COURSES, 0.0)
    # The visits were dealt out backwards from the last day, so the first of a course has the highest number.
    session.execute(text("UPDATE courses SET status = 'completed'"))
    falling = "12 - i.course_id % 9"
    _rate(session, "gad7", "baseline", "-1 day", "i.number = 6", "16")
    _rate(session, "gad7", "pre", "-10 minutes", "i.number = 4", falling, infusion="i.id")
    _rate(session, "gad7", "day_2_7", "+2 days", "i.number = 1", falling, infusion="i.id")
    for week in range(1, 9):
        _rate(session, "gad7", "weekly", f"+{7 * week} days", "i.number = 1", falling, week=week)
    for point, after in (("pre", "-10 minutes"), ("post_2h", "+2 hours")):
        _rate(session, "anxiety_now", point, after, "1 = 1", "5", infusion="i.id")
    session.execute(text(LOGS))
    session.execute(text(EVENTS))


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with stored_clinic("outcomes", fill, __file__) as (database, config), clock_at(FILLED_AT):
        with database.write() as session:
            token = open_session(session, FILLED_AT, _desk(session), "127.0.0.1", "benchmark", config)
        client = create_app(config, database).test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        print(f"{COURSES:,} courses, {6 * COURSES:,} infusions; the best of {ROUNDS} rounds")
        for words, address in (
            ("first answer", f"/reports/outcomes?{COVER}"),
            ("figures", f"/reports/outcomes?{COVER}&part=figures"),
            ("file", f"/reports/outcomes.csv?{COVER}"),
        ):
            times = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                answer = client.get(address)
                times.append((time.perf_counter() - begun) * 1000)
                if answer.status_code != 200:
                    raise RuntimeError(answer.text[:500])
            print(f"{words:>13} {min(times):>7.0f} ms", flush=True)
    print("at most: 1,000 ms for the first answer, and for the figures unless the page says that it counts")


def _desk(session: Session) -> User:
    return session.query(User).filter_by(email="desk@riverside.example").one()


def _rate(
    session: Session, instrument: str, point: str, after: str, where: str, total: str, *,
    infusion: str = "NULL", week: int = 0,
) -> None:  # fmt: skip
    """Rate every course, or infusion, at one time point."""
    query = RATINGS.format(
        infusion=infusion, instrument=instrument, point=point, week=week, total=total, after=after,
        where=where,
    )  # fmt: skip
    session.execute(text(query))
