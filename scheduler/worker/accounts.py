"""Answering those who lost their password, away from the page that they asked on."""

from scheduler.features.settings.actions.account_mail import answer_asks, has_asks
from scheduler.worker.deliver import Post


def answer(post: Post) -> None:
    """Write the mails that were asked for since the last tick."""
    with post.database.read() as session:
        if not has_asks(session):
            return
    with post.database.write() as session:
        answer_asks(session, post.now())
