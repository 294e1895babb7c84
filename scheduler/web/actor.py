"""Who is behind this request."""

from flask import g, request
from flask_login import current_user

from scheduler.actor import Actor


def current_actor() -> Actor:
    """The signed-in member of staff, a program with a token, or "visitor", and the request's address."""
    address = request.remote_addr or ""
    if program := g.get("program"):
        return Actor(None, f"API: {program}", address)
    if current_user.is_authenticated:
        return Actor(current_user.user_id, current_user.name, address)
    return Actor(None, "visitor", address)
