"""Writing, withdrawing, claiming and settling messages."""

from scheduler.features.outbox.actions.claim import Claim, claim_next, hold_lapsed_texts
from scheduler.features.outbox.actions.enqueue import enqueue
from scheduler.features.outbox.actions.give_back import give_back
from scheduler.features.outbox.actions.prepare import Ready, Settled, prepare
from scheduler.features.outbox.actions.purge import purge_bodies, purge_inbound
from scheduler.features.outbox.actions.record import record_result
from scheduler.features.outbox.actions.resend import resend
from scheduler.features.outbox.actions.void import void_pending

__all__ = [
    "Claim",
    "Ready",
    "Settled",
    "claim_next",
    "enqueue",
    "give_back",
    "hold_lapsed_texts",
    "prepare",
    "purge_bodies",
    "purge_inbound",
    "record_result",
    "resend",
    "void_pending",
]
