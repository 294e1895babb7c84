"""Ask the gateway about texts that may have gone out, in a job of its own: it must hold up nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from scheduler.actor import WORKER
from scheduler.channels.sms import Held
from scheduler.features.outbox.actions.look_up import Found, Question, next_question
from scheduler.features.reminders.texts.carrier import take_answer
from scheduler.worker.deliver import Post

MOST = 50
"""Questions in one look; the rest waits for the next."""


class Gateway(Protocol):
    """What can be asked."""

    def find(self, to: str, day: datetime) -> Sequence[Held] | None:
        """The texts to a number that were made on a day; None where it does not say."""


class Asker:
    """Asks one gateway for one worker."""

    def __init__(self, post: Post, gateway: Gateway) -> None:
        self._post = post
        self._gateway = gateway

    def look(self) -> int:
        """Ask about each text whose time to be asked about has come; gives their number."""
        database, now = self._post.database, self._post.now
        for count in range(MOST):
            question = database.attempt(lambda session: next_question(session, now()))
            if question is None:
                return count
            answer = self._ask(question, now())
            database.attempt(
                lambda session, question=question, answer=answer: take_answer(  # type: ignore[misc]
                    session, WORKER, now(), self._post.worker, question, answer
                )
            )
        return MOST

    def _ask(self, question: Question, now: datetime) -> list[Found] | None:
        """What the gateway has for the number since the text was written: on that day, or on the day now."""
        held: list[Held] = []
        days = {moment.date(): moment for moment in (question.since, now - timedelta(days=1), now)}
        for moment in days.values():
            if moment < question.since:
                continue
            rows = self._gateway.find(question.to, moment)
            if rows is None:
                return None
            held += rows
        return [Found(one.provider_id, one.body, one.status, one.error, one.made_at) for one in held]
