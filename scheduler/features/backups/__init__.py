"""Backups: a consistent, encrypted copy of the whole database, made while people work, and its way back."""
