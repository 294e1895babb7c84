"""Who is behind this request."""

from flask import request
from flask_login import current_user

from scheduler.actor import Actor


def current_actor() -> Actor:
    """The signed-in member of staff, or "visitor", with the address the request came from."""
    address = request.remote_addr or ""
    if current_user.is_authenticated:
        return Actor(current_user.user_id, current_user.name, address)
    return Actor(None, "visitor", address)
