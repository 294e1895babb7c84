"""Signing, giving reasons, and what may be said of a signed log."""
