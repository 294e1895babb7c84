"""Signing in, the lock, and the tokens of programs; each file adds its routes to the one blueprint."""

from scheduler.features.accounts.views import (
    access_rules,
    api_access,
    factors,
    kept,
    lock,
    lost_password,
    me,
    second_step,
    sign_in,
)
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.features.accounts.views.lost_password import links

__all__ = [
    "access_rules",
    "api_access",
    "blueprint",
    "factors",
    "kept",
    "links",
    "lock",
    "lost_password",
    "me",
    "second_step",
    "sign_in",
]
