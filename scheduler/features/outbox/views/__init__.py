"""Messages to patients, and webhooks to programs; each file adds its routes to the one blueprint."""

from scheduler.features.outbox.views import inbound, many, messages, sending, webhooks
from scheduler.features.outbox.views.blueprint import blueprint

__all__ = ["blueprint", "inbound", "many", "messages", "sending", "webhooks"]
