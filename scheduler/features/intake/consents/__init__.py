"""Consents: the clinic's own texts with their versions, and what patients signed."""
