"""Signing in, and the tokens of programs; each file adds its routes to the one blueprint."""

from scheduler.features.accounts.views import api_access, me, sign_in
from scheduler.features.accounts.views.blueprint import blueprint

__all__ = ["api_access", "blueprint", "me", "sign_in"]
