"""Reminders, derived instead of stored ahead.

A reminder that is written when a visit is booked must be found and changed whenever the visit is, and one
that is forgotten goes out wrong. So none is written ahead: each tick asks the database which
scheduled visits have a rule whose time has come and no message yet. A moved visit has a new schedule
version and so a new key; a worker that slept misses nothing; a visit booked inside the lead time
gets no burst of reminders that lie before its booking.
"""
