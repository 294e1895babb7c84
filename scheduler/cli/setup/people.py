"""The second part: who works here, the first administrator before all others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.setup.asking import Answers, Reader
from scheduler.cli.setup.saving import save
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.accounts.actions.create_user import checked_email, create_user
from scheduler.features.accounts.passwords import password_problem
from scheduler.features.accounts.roles import role_line
from scheduler.features.capacity.actions.duty import Period, set_week
from scheduler.features.capacity.spans import Span
from scheduler.features.capacity.week_text import parse_week, week_text
from scheduler.features.settings.duty import ROLES
from scheduler.features.settings.queries import local_time, staff
from scheduler.models import Duty, Role, User

Week = Mapping[int, Sequence[Span]]
NOBODY = "-"
FIRST = "The first administrator sets up everything else on the pages."


def set_up_people(database: Database, answers: Answers, site_id: int, week: Week) -> None:
    """Show who is here, make the first administrator, then everybody else who is named."""
    with database.read() as session:
        known = [user for user in staff(session) if user.disabled_at is None]
    for user in known:
        answers.say(f"  {user.name}, {user.email}: {role_line(user.role_set)}")
    given = answers.people()
    if not any(Role.ADMINISTRATOR in user.role_set for user in known) and not given:
        answers.say(FIRST)
        _add(database, answers, site_id, week, "administrator", _name)
    for person in given:
        _add(database, person, site_id, week, "front_desk", _name)
    while not given and _add(database, answers, site_id, week, "nurse", _name_or_nobody):
        pass
    _refuse_nobody(database)


def _add(
    database: Database, answers: Answers, site_id: int, week: Week, usual: str, read_name: Reader[str]
) -> bool:
    """One more person; False where nobody more is named. Somebody with that address stays as they are."""
    name = answers.ask("name", "Name (- for nobody)", "" if read_name is _name else NOBODY, read_name)
    if not name:
        return False
    email = answers.ask("email", "E-mail address, to sign in with", "", checked_email)
    with database.read() as session:
        if session.scalar(select(User.id).where(User.email == email)) is not None:
            answers.say(f"{email} has a log-in already. It stays as it is.")
            return True
    choice = ", ".join(role.value for role in Role)
    roles = answers.ask("roles", f"Roles, with commas ({choice})", usual, _roles)
    duties = [duty for duty, role in ROLES.items() if role in roles]
    hours: Week = {}
    if duties:
        hours = answers.ask("on_duty", "On duty", week_text(week), parse_week)
    password = answers.secret("password", "First password", partial(_password, name=name, email=email))
    change = partial(
        _take_on,
        name=name,
        email=email,
        roles=roles,
        duties=duties,
        week=hours,
        site_id=site_id,
        password=password,
    )
    save(database, answers, change)
    answers.say(f"{name} can sign in as {email}.")
    return True


def _take_on(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    name: str,
    email: str,
    roles: Sequence[Role],
    duties: Sequence[Duty],
    week: Week,
    site_id: int,
    password: str,
) -> None:
    """The log-in and, for who is on duty, the usual week from today on."""
    user = create_user(
        session, actor, at, email=email, name=name, password=password, roles=roles, site_id=site_id
    )
    for duty in duties[:1]:
        set_week(session, actor, at, user.id, duty, site_id, Period(local_time(session, at).date()), week)


def _refuse_nobody(database: Database) -> None:
    with database.read() as session:
        if not any(Role.ADMINISTRATOR in user.role_set for user in staff(session)):
            raise RuleError("Nobody is an administrator yet. Name somebody with that role.")


def _name(text: str) -> str:
    found = " ".join(text.split())
    if not found or found == NOBODY:
        raise RuleError("Write the name of the person.")
    return found[:100]


def _name_or_nobody(text: str) -> str:
    return "" if text.strip() in ("", NOBODY) else _name(text)


def _roles(text: str) -> list[Role]:
    words = [word.strip().lower().replace(" ", "_") for word in text.strip("[]").replace("'", "").split(",")]
    known = {role.value: role for role in Role}
    if not words or any(word not in known for word in words):
        raise RuleError(f"Write one or more of {', '.join(known)}.")
    return [known[word] for word in words]


def _password(text: str, name: str, email: str) -> str:
    if problem := password_problem(text, (email, name)):
        raise RuleError(problem)
    return text
