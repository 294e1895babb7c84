"""One part of the setup is one transaction, by the same action that the settings' page uses."""

from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.cli.setup.asking import Answers
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.settings.actions.apply import Change, EffectsError, apply_change
from scheduler.web.filters import day_hm


def save(database: Database, answers: Answers, change: Change) -> None:
    """Make the change; where it breaks booked visits, only after somebody has seen and agreed to them."""

    def apply(agreed: str) -> None:
        def work(session: Session) -> None:
            apply_change(session, COMMAND, clock.now(), change, agreed)

        database.attempt(work)

    try:
        apply("")
    except EffectsError as error:
        answers.say("These booked visits and consultations would no longer hold:")
        for each in error.visits:
            answers.say(f"  {day_hm(each.start)}  {each.record_number}  {' '.join(each.why)}")
        for talk in error.talks:
            answers.say(f"  {day_hm(talk.start)}  request {talk.request_id}  {' '.join(talk.why)}")
        question = "Save all the same, and list them under Tasks and Requests?"
        if not answers.agree("break_visits", question, default=False):
            raise ConflictError("Nothing was changed by this part. Move them first.") from None
        apply(error.agreed)
