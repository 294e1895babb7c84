"""Run the worker until it is told to stop.

The scheduler lives in memory and has one interval tick in UTC: no clinic meaning stands in it, so
a clock change or a restart can neither double nor lose anything. A tick that comes late runs once.
"""

import os
import secrets
import signal
import socket
import threading
from queue import SimpleQueue

import structlog
from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.schedulers.blocking import BlockingScheduler

from scheduler import clock
from scheduler.channels.webhook import WebhookChannel
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.backups.folder import folder_of
from scheduler.worker import backups, imports, waiting, webhooks
from scheduler.worker.deliver import Post
from scheduler.worker.tick import Ticker
from scheduler.worker.transports import transport_for

log = structlog.get_logger()

STOPS = {signal.SIGTERM, signal.SIGINT}


def worker_name() -> str:
    """Name this process; two never share a name, on one machine or on many."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


def run_worker(config: Config) -> None:
    """Tick every `config.worker_tick_s` seconds until SIGTERM or SIGINT.

    It returns when the message in hand is recorded.
    """
    # The handler only passes the signal on, and a thread of our own acts on it: stopping the scheduler in the
    # middle of its waiting can lock it up. Blocking the signals would not do: a library's thread that began
    # before would take them, and the process would end at once.
    asked: SimpleQueue[int] = SimpleQueue()
    for each in STOPS:
        signal.signal(each, lambda number, _frame: asked.put(number))
    stopping = threading.Event()
    post = Post(Database(config.database_url), transport_for(config), worker_name(), clock.now)
    ticker = Ticker(post, stopping.is_set)
    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        ticker.tick,
        "interval",
        seconds=config.worker_tick_s,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        next_run_time=clock.now(),
    )
    scheduler.add_job(
        backups.look,
        "interval",
        args=(post.database, config.database_url, folder_of(config), clock.now),
        seconds=backups.LOOK_SECONDS,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    teller = webhooks.Teller(
        post.database, WebhookChannel(private=config.webhooks_private), post.worker, clock.now
    )
    scheduler.add_job(
        webhooks.look,
        "interval",
        args=(teller, stopping.is_set),
        seconds=config.worker_tick_s,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_job(
        imports.look,
        "interval",
        args=(post, stopping.is_set),
        seconds=imports.LOOK_SECONDS,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_job(
        waiting.Keeper(post.database, clock.now).look,
        "interval",
        seconds=waiting.LOOK_SECONDS,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    running = threading.Event()
    scheduler.add_listener(lambda _event: running.set(), EVENT_SCHEDULER_STARTED)
    threading.Thread(target=_stop_on_signal, args=(asked, stopping, running, scheduler), daemon=True).start()
    log.info("worker_started", worker=post.worker, tick_s=config.worker_tick_s)
    try:
        scheduler.start()
    finally:
        post.transport.close()
        post.database.dispose()
    log.info("worker_stopped", worker=post.worker)


def _stop_on_signal(
    asked: SimpleQueue[int],
    stopping: threading.Event,
    running: threading.Event,
    scheduler: BlockingScheduler,
) -> None:
    asked.get()
    stopping.set()
    running.wait()  # A scheduler that has not begun can't be stopped, and would then begin for good.
    scheduler.shutdown(wait=True)
