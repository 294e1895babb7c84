"""Work on the files of patients that wait, beside the tick: no message waits for 200,000 rows."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog

from scheduler.errors import BusyError, SixfoldError
from scheduler.features.patients.imports import checking
from scheduler.features.patients.imports.adding import add_batch
from scheduler.features.patients.imports.lease import Claim, claim_next, let_go
from scheduler.features.patients.imports.taking_back import take_back_batch
from scheduler.models import ImportState
from scheduler.worker.deliver import Post

log = structlog.get_logger()

LOOK_SECONDS = 2
AGAIN = timedelta(seconds=30)
BROKE = "The worker broke off here. It tries again in half a minute; its log says where."
UNSAVED = "Nothing was saved."
GOES_ON = "What was done so far stays as it is, and it goes on by itself once that is mended."


def look(post: Post, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Work until nothing waits. Never raises: it must look again."""
    try:
        while not is_stopping():
            claim = post.database.attempt(lambda session: claim_next(session, post.now(), post.worker))
            if claim is None:
                return
            _work(post, claim, is_stopping)
    except Exception:
        log.exception("import_look_broke")


def _work(post: Post, claim: Claim, is_stopping: Callable[[], bool]) -> None:
    log.info("import_taken", patient_import=claim.import_id, work=claim.state.value)
    try:
        work = _check if claim.state is ImportState.CHECKING else _batches
        done = work(post, claim, is_stopping)
    except Exception as error:
        log.exception("import_broke", patient_import=claim.import_id)
        _let_go(post, claim, _trouble(error))
        return
    if not done:
        _let_go(post, claim, None)


def _trouble(error: Exception) -> str:
    """Why it stands still, in words for the page: batches before the one that failed are saved."""
    if isinstance(error, BusyError):
        return error.sentence.replace(UNSAVED, GOES_ON)
    return error.sentence if isinstance(error, SixfoldError) else BROKE


def _let_go(post: Post, claim: Claim, trouble: str | None) -> None:
    until = post.now() + AGAIN if trouble else None
    post.database.attempt(lambda session: let_go(session, claim, trouble, until))


def _check(post: Post, claim: Claim, is_stopping: Callable[[], bool]) -> bool:
    with post.database.read() as session:
        rows = checking.rows_to_check(session, post.now(), claim.import_id)
    while not is_stopping():
        batch = list(itertools.islice(rows, checking.BATCH))
        write = partial(checking.check_batch, at=post.now(), claim=claim, rows=batch)
        if not post.database.attempt(write):
            return True
    return False


def _batches(post: Post, claim: Claim, is_stopping: Callable[[], bool]) -> bool:
    batch = add_batch if claim.state is ImportState.ADDING else take_back_batch
    while not is_stopping():
        if not post.database.attempt(lambda session: batch(session, post.now(), claim)):
            return True
    return False
