"""Run the worker until it is told to stop.

The scheduler lives in memory and has one interval tick in UTC: no clinic meaning stands in it, so
a clock change or a restart can neither double nor lose anything. A tick that comes late runs once.
"""

import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable

import structlog
from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.schedulers.blocking import BlockingScheduler

from scheduler import clock
from scheduler.channels.caldav import CalendarServer
from scheduler.channels.imap import ImapSettings
from scheduler.channels.webhook import WebhookChannel
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.backups.folder import folder_of
from scheduler.features.interchange.folder import exports_of
from scheduler.features.interchange.names import base_of
from scheduler.worker import (
    backups,
    exports,
    imports,
    mailbox,
    publish,
    retention,
    seals,
    texts,
    waiting,
    webhooks,
)
from scheduler.worker.deliver import Post
from scheduler.worker.tick import Ticker
from scheduler.worker.transports import Doors, transport_for

log = structlog.get_logger()

STOPS = {signal.SIGTERM, signal.SIGINT}


def worker_name() -> str:
    """Name this process; two never share a name, on one machine or on many."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


def run_worker(config: Config) -> None:
    """Tick every `config.worker_tick_s` seconds until SIGTERM or SIGINT.

    It returns when the message in hand is recorded.
    """
    told = _on_stop()
    stopping = threading.Event()
    doors = transport_for(config)
    post = Post(
        Database(config.database_url),
        doors,
        worker_name(),
        clock.now,
        base_url=config.base_url,
    )
    ticker = Ticker(post, stopping.is_set)
    scheduler = BlockingScheduler(timezone="UTC")
    tick = config.worker_tick_s
    stop = stopping.is_set
    _add(scheduler, ticker.tick, tick, at_once=True)
    _add(
        scheduler,
        backups.look,
        backups.LOOK_SECONDS,
        post.database,
        config.database_url,
        folder_of(config),
        clock.now,
    )
    door = WebhookChannel(private=config.webhooks_private)
    _add(scheduler, webhooks.look, tick, webhooks.Teller(post.database, door, post.worker, clock.now), stop)
    _add(scheduler, imports.look, imports.LOOK_SECONDS, post, stop)
    exporter = exports.Exporter(post.database, exports_of(config), base_of(config), clock.now)
    _add(scheduler, exporter.look, exports.LOOK_SECONDS, stop)
    _add(scheduler, waiting.Keeper(post.database, clock.now).look, waiting.LOOK_SECONDS)
    _add_keepers(scheduler, post, stop)
    _add_chosen(scheduler, config, post, doors, stop)
    running = threading.Event()
    scheduler.add_listener(lambda _event: running.set(), EVENT_SCHEDULER_STARTED)
    threading.Thread(target=_stop_on_signal, args=(told, stopping, running, scheduler), daemon=True).start()
    log.info("worker_started", worker=post.worker, tick_s=config.worker_tick_s)
    try:
        scheduler.start()
    finally:
        post.transport.close()
        post.database.dispose()
    log.info("worker_stopped", worker=post.worker)


def _add_keepers(scheduler: BlockingScheduler, post: Post, stop: Callable[[], bool]) -> None:
    """What keeps the records as the clinic and the law want them."""
    _add(scheduler, retention.Remover(post.database, clock.now).look, retention.LOOK_SECONDS, stop)
    _add(scheduler, seals.Sealer(post.database, clock.now).look, seals.LOOK_SECONDS, stop)


def _add_chosen(
    scheduler: BlockingScheduler, config: Config, post: Post, doors: Doors, stop: Callable[[], bool]
) -> None:
    """What there is to do only where the settings name a gateway, a mailbox or a calendar server."""
    if doors.gateway is not None:
        _add(scheduler, texts.Asker(post, doors.gateway).look, config.worker_tick_s)
    if config.imap_url:
        box = ImapSettings.from_url(config.imap_url)
        reader = mailbox.Reader(post.database, box, post.worker, clock.now)
        _add(scheduler, mailbox.look, mailbox.LOOK_SECONDS, reader, stop, at_once=True)
    if config.caldav_url:
        server = CalendarServer(config.caldav_url)
        publisher = publish.Publisher(post.database, server, post.worker, clock.now)
        _add(scheduler, publish.look, publish.LOOK_SECONDS, publisher, stop)


def _add(
    scheduler: BlockingScheduler,
    look: Callable[..., object],
    seconds: int,
    *args: object,
    at_once: bool = False,
) -> None:
    """Look each so many seconds, one look at a time; a look that comes late is made once."""
    scheduler.add_job(
        look,
        "interval",
        args=args,
        seconds=seconds,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        **({"next_run_time": clock.now()} if at_once else {}),
    )


def _on_stop() -> socket.socket:
    """A socket that becomes readable when the process is told to stop, whichever thread the system tells.

    Libraries have threads of their own that were there before us and block no signal, so blocking it in ours
    is not enough; and a handler would run in the middle of the scheduler's waiting, where stopping it can
    lock it up. So the handler does nothing, and a thread reads what Python writes when the signal comes.
    """
    told, tell = socket.socketpair()
    tell.setblocking(False)
    signal.set_wakeup_fd(tell.detach())
    for number in STOPS:
        signal.signal(number, lambda *_: None)
    return told


def _stop_on_signal(
    told: socket.socket, stopping: threading.Event, running: threading.Event, scheduler: BlockingScheduler
) -> None:
    with told:
        while not set(told.recv(1)) & STOPS:
            pass
    stopping.set()
    running.wait()  # A scheduler that has not begun can't be stopped, and would then begin for good.
    scheduler.shutdown(wait=True)
