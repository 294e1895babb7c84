"""The third part: what courses can be booked, and when patients are reminded."""

from sqlalchemy import select

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.cli.setup.asking import Answers
from scheduler.db import Database
from scheduler.features.capacity.presets import PRESETS, install_presets
from scheduler.features.capacity.queries import current_protocols
from scheduler.features.courses.preparation.clinic_list import install_list
from scheduler.features.reminders.actions import add_usual_rules
from scheduler.models import Protocol, ReminderRule


def set_up_protocols(database: Database, answers: Answers) -> None:
    """The five presets; asked again only while some of them are not there, then with no as the default."""
    with database.read() as session:
        offered = [version.protocol.name for version in current_protocols(session)]
        names = set(session.scalars(select(Protocol.name)))
    answers.say(f"Protocols: {', '.join(offered) or 'none yet'}.")
    missing = [preset.name for preset in PRESETS if preset.name not in names]
    label = f"Add {', '.join(missing)}?"
    if missing and answers.agree("presets", label, default=not names):
        with database.write() as session:
            install_presets(session, COMMAND, clock.now())
            install_list(session, COMMAND, clock.now())


def set_up_reminders(database: Database, answers: Answers) -> None:
    """The usual two, where none is set."""
    with database.read() as session:
        has_rules = session.scalar(select(ReminderRule.id).limit(1)) is not None
    label = "Remind patients by e-mail 3 days and 1 day before a visit?"
    if not has_rules and answers.agree("reminders", label, default=True):
        with database.write() as session:
            add_usual_rules(session, COMMAND, clock.now())
