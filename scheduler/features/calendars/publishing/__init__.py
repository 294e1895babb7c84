"""Clinicians' calendars on the clinic's own server: what is put there, by whom, and how it went."""
