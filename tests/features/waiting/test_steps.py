"""The life of an entry: any order of steps ends where the table says, and the rows agree with it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.waiting.actions.answer import accept, answer, offer
from scheduler.features.waiting.actions.tend import expire_offers
from scheduler.features.waiting.queries import entry, find_for
from scheduler.features.waiting.steps import BY_PEOPLE, STEPS, WaitingStep, after
from scheduler.models import WaitingEntry, WaitingStatus
from tests.features.waiting.room import ROSA, free, full_friday, wait, waiting_course
from tests.support.clinic import NOW

W, S = WaitingStatus, WaitingStep
LATE = NOW + timedelta(hours=5)
ARROWS = {
    (W.WAITING, S.OFFER): W.OFFERED, (W.WAITING, S.ACCEPT): W.ACCEPTED, (W.WAITING, S.WITHDRAW): W.WITHDRAWN,
    (W.WAITING, S.SETTLE): W.SETTLED, (W.OFFERED, S.ACCEPT): W.ACCEPTED, (W.OFFERED, S.DECLINE): W.DECLINED,
    (W.OFFERED, S.TAKE_BACK): W.WAITING, (W.OFFERED, S.WITHDRAW): W.WITHDRAWN,
    (W.OFFERED, S.EXPIRE): W.EXPIRED, (W.OFFERED, S.SETTLE): W.SETTLED, (W.DECLINED, S.AGAIN): W.WAITING,
    (W.DECLINED, S.WITHDRAW): W.WITHDRAWN, (W.DECLINED, S.SETTLE): W.SETTLED, (W.EXPIRED, S.AGAIN): W.WAITING,
    (W.EXPIRED, S.WITHDRAW): W.WITHDRAWN, (W.EXPIRED, S.SETTLE): W.SETTLED, (W.ACCEPTED, S.REOPEN): W.WAITING,
}  # fmt: skip


@pytest.mark.parametrize("status", W)
@pytest.mark.parametrize("step", S)
def test_only_the_written_arrows_lead_anywhere(status: W, step: S) -> None:
    if (status, step) in ARROWS:
        assert after(status, step) is ARROWS[status, step]
    else:
        with pytest.raises(ConflictError):
            after(status, step)


@pytest.fixture
def entry_id(sqlite: Database) -> int:
    """A patient who waits for a Friday with room."""
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        found = wait(session, waiting_course(session, clinic)[2])
    for row in friday[1:]:
        free(sqlite, row)
    return found


@given(steps=st.lists(st.sampled_from([*BY_PEOPLE, S.EXPIRE]), min_size=1, max_size=8))
@settings(
    max_examples=30,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_order_of_clicks_ends_where_the_table_says(
    sqlite: Database, entry_id: int, steps: list[S]
) -> None:
    """What was just done may be clicked again; any other wrong step is refused and leaves nothing behind."""
    with pytest.raises(Forgotten), sqlite.write() as session:
        live(session, entry_id, steps)


def live(session: Session, entry_id: int, steps: list[S]) -> None:
    """Take the steps and hold the row against the table after each; then forget them."""
    expected = W.WAITING
    for step in steps:
        before = whole(session, entry_id)
        leads = (expected, step) in ARROWS
        twice = STEPS[step].after is expected and not leads
        events = len(before.events)
        assert click(session, before, step) is (leads or twice or step is S.EXPIRE)
        row = whole(session, entry_id)
        expected = ARROWS.get((expected, step), expected)
        assert row.status is expected
        assert len(row.events) == events + leads
        assert (row.offer is not None) == (expected is W.OFFERED)
        assert (row.change_id is not None) == (expected is W.ACCEPTED)
    raise Forgotten


class Forgotten(Exception):
    """Nothing of an example stays."""


def whole(session: Session, entry_id: int) -> WaitingEntry:
    session.flush()
    session.expire_all()
    return entry(session, entry_id)


def click(session: Session, row: WaitingEntry, step: S) -> bool:
    """Do as the page or the worker would; whether it was done."""
    find = find_for(session, NOW, row)
    move = row.offer or (find.way.value if find else "")
    if row.status is W.ACCEPTED and row.change_id:
        move = LAST[0]
    LAST[:] = [move]
    try:
        with session.begin_nested():
            if step is S.OFFER:
                offer(session, ROSA, NOW, row.id, move)
            elif step is S.ACCEPT:
                accept(session, ROSA, NOW, row.id, move)
            elif step is S.EXPIRE:
                expire_offers(session, LATE)
            else:
                answer(session, ROSA, NOW, row.id, step)
    except ConflictError:
        return False
    return True


LAST = [""]
