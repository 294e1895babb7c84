"""Taking on, changing and parting with staff."""

import pytest
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.accounts.actions.change_password import change_password
from scheduler.features.accounts.actions.create_user import create_user
from scheduler.features.accounts.queries import demo_logins, has_demo_logins, user
from scheduler.features.accounts.roles import role_line
from scheduler.models import AuditEvent, Role, User
from tests.features.accounts.conftest import PASSWORD, add_accounts
from tests.support.clinic import NOW
from tests.support.sign_in import CHEAP


def add(database: Database, **changes: object) -> User:
    """Take on somebody new."""
    values: dict[str, object] = {
        "email": "new@example.org", "name": "New Person", "password": PASSWORD, "roles": [Role.NURSE],
        "hasher": CHEAP,
    }  # fmt: skip
    with database.write() as session:
        return create_user(session, COMMAND, NOW, **{**values, **changes})  # type: ignore[arg-type]


def test_a_new_person_is_kept_with_roles_hash_and_an_audit_row(sqlite: Database) -> None:
    person = add(sqlite, roles=[Role.CLINICIAN, Role.ADMINISTRATOR, Role.CLINICIAN])
    with sqlite.read() as session:
        kept = user(session, person.id)
        assert kept.role_set == {Role.CLINICIAN, Role.ADMINISTRATOR}
        assert PASSWORD not in kept.password_hash
        event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.entity_id) == ("user.created", person.id)
    assert event.detail == {"roles": ["administrator", "clinician"]}


def test_two_people_cannot_share_an_address_however_it_is_written(database: Database) -> None:
    add(database)
    with pytest.raises(ConflictError, match="Somebody else signs in"):
        add(database, email=" NEW@Example.org")


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "a@example.org, b@example.org", "ada@example.org\nbcc: x@y.org"]
)
def test_an_address_that_is_not_exactly_one_is_refused(sqlite: Database, email: str) -> None:
    with pytest.raises(RuleError, match="whole e-mail address"):
        add(sqlite, email=email)


def test_a_weak_password_is_refused_and_nobody_is_taken_on(sqlite: Database) -> None:
    with pytest.raises(RuleError, match="easy to guess"):
        add(sqlite, password="newperson123456")
    with sqlite.read() as session:
        assert session.scalars(select(User)).all() == []


def test_somebody_without_a_role_is_refused(sqlite: Database) -> None:
    with pytest.raises(RuleError, match="at least one role"):
        add(sqlite, roles=[])


def test_a_new_password_is_held_to_the_same_rules(sqlite: Database) -> None:
    accounts = add_accounts(sqlite)
    with pytest.raises(RuleError, match="at least 12"), sqlite.write() as session:
        change_password(session, COMMAND, NOW, user(session, accounts.ada.id), "short", CHEAP)
    with sqlite.write() as session:
        change_password(
            session, COMMAND, NOW, user(session, accounts.ada.id), "eleven grey stones there", CHEAP
        )
    with sqlite.read() as session:
        kept = user(session, accounts.ada.id)
        assert CHEAP.check(kept.password_hash, "eleven grey stones there").fits


def test_demo_log_ins_are_listed_in_the_order_of_the_roles(sqlite: Database) -> None:
    with sqlite.read() as session:
        assert not has_demo_logins(session)
    for role in (Role.CLINICIAN, Role.FRONT_DESK, Role.ADMINISTRATOR, Role.NURSE):
        add(sqlite, email=f"{role}@demo.example.org", roles=[role], password="public", is_demo=True)
    with sqlite.read() as session:
        assert has_demo_logins(session)
        assert [found.key for found in demo_logins(session)] == [
            "front_desk",
            "nurse",
            "clinician",
            "administrator",
        ]


def test_roles_read_as_a_line() -> None:
    assert role_line([Role.NURSE]) == "Nurse"
    assert role_line([Role.ADMINISTRATOR, Role.CLINICIAN]) == "Clinician and administrator"
    assert role_line(Role) == "Front desk, nurse, clinician and administrator"
    assert role_line([]) == ""
